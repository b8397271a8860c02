import { pagesToSendTo } from './build-pages.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import type { Door } from './http/door.ts';
import type { UpstreamRouteOptions } from './http/upstream/upstream.ts';

type UpstreamGate = Pick<UpstreamRouteOptions, 'admit' | 'isStillAdmitted' | 'knownUntilMs' | 'cookies'>;

/** Opens the way to the application behind the gate, if there is one. */
export async function serveUpstream(app: Door, config: CloudConfig, gate: UpstreamGate): Promise<void> {
  const { upstreamUrl, addresses, http } = config;
  if (upstreamUrl === undefined) return;
  const { addUpstream } = await import('./http/upstream/upstream.ts');
  await addUpstream(app, {
    ...gate,
    url: upstreamUrl,
    publicOrigin: addresses.publicOrigin,
    mostHeadBytes: http.readBufferBytes,
    goOnPage: pagesToSendTo(config).goOn,
  });
}
