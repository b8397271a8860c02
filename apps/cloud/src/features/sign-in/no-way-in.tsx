import { en } from '../../messages/en.ts';

const example = `CLOUDGRID_AUTH_PROVIDERS=github
CLOUDGRID_AUTH_GITHUB_CLIENT_ID=…
CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET=…
CLOUDGRID_AUTH_GITHUB_REDIRECT_URI=https://…/auth/callback`;

/** For an operator who has just started Gatehouse, and for people who came too early. */
export function NoWayIn() {
  return (
    <div className="threshold-card wide">
      <div className="stack stack-close">
        <h1>{en.signIn.noneTitle}</h1>
        <p className="soft">{en.signIn.noneLead}</p>
      </div>
      <section className="stack stack-close" aria-labelledby="operator">
        <h2 id="operator">{en.signIn.noneOperator}</h2>
        <p>{en.signIn.noneSteps}</p>
        <pre className="settings">{example}</pre>
      </section>
      <p className="soft small">{en.signIn.noneHelp}</p>
    </div>
  );
}
