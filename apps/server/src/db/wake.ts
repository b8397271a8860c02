/** When the next look is due: after a pause, soon after a notice, at once for whoever waits for it. */
export type Wake = {
  ring(): void;
  /** Rings shortly: notices of a busy moment are answered together. */
  notice(): void;
  /** Resolves after a look that has not begun yet. */
  nextLook(): Promise<void>;
  /** A look begins. Returns what to call when it is over: then everybody is answered who waited when it began. */
  begin(): () => void;
  /** Resolves when it rings, or has rung since the last look began; after `ms` in any case. */
  within(ms: number): Promise<void>;
};

const noticePauseMs = 10;

export function openWake(): Wake {
  let waiting: (() => void)[] = [];
  let isDue = false;
  let stopPause: (() => void) | undefined;
  let noticed: NodeJS.Timeout | undefined;

  const ring = () => {
    isDue = true;
    stopPause?.();
  };
  return {
    ring,
    notice: () => (noticed ??= setTimeout(ring, noticePauseMs).unref()),
    nextLook: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        ring();
      }),
    begin() {
      const answered = waiting;
      waiting = [];
      isDue = false;
      clearTimeout(noticed);
      noticed = undefined;
      return () => {
        for (const resolve of answered) resolve();
      };
    },
    async within(ms) {
      if (isDue) return;
      await new Promise<void>((resolve) => {
        const pause = setTimeout(resolve, ms).unref();
        stopPause = () => {
          clearTimeout(pause);
          resolve();
        };
      });
    },
  };
}
