import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openBrowser } from './browser.ts';
import type { Browser } from './browser.ts';
import { asAdmin, dropDatabase, makeDatabase } from './databases.ts';
import { openGateRelay } from './gate-relay.ts';
import { startCloud } from './processes.ts';
import type { ProxyProgram } from './proxies.ts';
import { startUpstreamApp } from './upstream-app.ts';
import { environmentOf } from './world.ts';
import type { StandIns } from './world.ts';

export const publicOrigin = new URL('http://localhost');

/** A Cloud process and an application, which can be reached by the proxy alone. */
export async function openScene(standIns: StandIns, proxy: ProxyProgram, how = { withAlpha: false }) {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const app = await startUpstreamApp();
  onTestFinished(app.close);
  const cloud = await startCloud({
    ...environmentOf(standIns, publicOrigin, database),
    TRUSTED_PROXIES: '127.0.0.1',
  });
  const relay = await openGateRelay(cloud.address);
  const behind = { gatehouse: relay.address, application: new URL(app.url) };
  const address = await proxy.start(behind, how);
  const newBrowser = () => openBrowser({ publicOrigin, serverAddress: () => address });
  return {
    app,
    cloud,
    relay,
    address,
    newBrowser,
    sql: async (text: string) => {
      await asAdmin(database, async (client) => {
        await client.query('set search_path = gatehouse');
        await client.query(text);
      });
    },
    /** Signed in; the first of all becomes the administrator. */
    async personIn(provider: 'github' | 'google' | 'azure', key: string): Promise<Browser> {
      ({ github: standIns.github, google: standIns.google, azure: standIns.entra })[provider].signsInAs(key);
      const browser = newBrowser();
      expect(await browser.signIn(provider)).toRedirectTo('/');
      return browser;
    },
  };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

export function dial({ address }: Scene, browser: Browser) {
  const socket = new WebSocket(new URL('/socket', `ws://${address.host}`), [], {
    origin: publicOrigin.origin,
    headers: { host: publicOrigin.host, cookie: browser.cookieHeader(), 'sec-fetch-mode': 'websocket' },
  });
  socket.on('error', () => undefined);
  return socket;
}

export async function openEvents({ address }: Scene, browser: Browser): Promise<IncomingMessage> {
  const request = httpRequest(new URL('/events', address), {
    headers: { host: publicOrigin.host, cookie: browser.cookieHeader(), accept: 'text/event-stream' },
  });
  request.on('error', () => undefined);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

type Raw = { readonly status: number; readonly headers: IncomingHttpHeaders };

/** Sends the path as it is spelled, which a URL would not, and reads heads of any size. */
export function rawly({ address }: Scene, path: string, cookie: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const headers = { host: publicOrigin.host, cookie };
    const { hostname: host, port } = address;
    const maxHeaderSize = 256 * 1024;
    const request = httpRequest({ host, port, path, headers, maxHeaderSize, agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    request.on('error', reject);
    request.end();
  });
}

/** Makes a member of everybody who is none. */
export const joinAcme = `insert into members (company_id, user_id, role, joined_at)
  select m.company_id, u.id, 'user', now() from users u, members m
  where not exists (select from members o where o.user_id = u.id)`;
