/** The gate: an arch with its portcullis half up. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <rect className="logo-wall" width="32" height="32" rx="8" />
      <path className="logo-arch" d="M8 25V14.5a8 8 0 0 1 16 0V25" />
      <path className="logo-bars" d="M12.7 25v-4.6M16 25v-8.8M19.3 25v-4.6" />
    </svg>
  );
}

const arches = [120, 190, 270, 360, 460, 570, 690];

/** The gate again, seen from the threshold: quiet lines behind a page's card. */
export function Arches() {
  return (
    <svg className="arches" viewBox="0 0 1400 900" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      {arches.map((half) => (
        <path
          key={half}
          d={`M${String(700 - half)} 900V${String(1010 - half)}a${String(half)} ${String(half)} 0 0 1 ${String(2 * half)} 0V900`}
        />
      ))}
    </svg>
  );
}
