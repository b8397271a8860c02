import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { embeddedFolders, postmastersBelow } from '../support/embedded-folders.ts';
import { startCloud } from '../support/processes.ts';

const folders = embeddedFolders();

async function startLocal() {
  const dataDir = await folders.emptyFolder();
  onTestFinished(folders.clear);
  // The port alone differs from an environment that is empty: other tests may hold the usual one.
  return { dataDir, cloud: await startCloud({ DATA_DIR: dataDir, CLOUDGRID_BFF_PORT: '0' }) };
}

function ask(
  address: URL,
  headers: Readonly<Record<string, string>>,
  path = '/api/v1/me',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, address), { headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('started with nothing it serves one person, who administers the company Personal, to this machine alone', async () => {
  const { dataDir, cloud } = await startLocal();
  expect(cloud.address.hostname).toBe('127.0.0.1');
  const host = `localhost:${cloud.address.port}`;
  const me = await ask(cloud.address, { host });
  expect(me.status, me.body).toBe(200);
  expect(JSON.parse(me.body)).toMatchObject({
    user: { displayName: 'You', email: null },
    companies: [{ slug: 'personal', name: 'Personal', role: 'admin', status: 'active' }],
  });
  expect((await ask(cloud.address, { host: cloud.address.host })).status).toBe(200);

  const refused = [
    { host: 'gate.example' },
    { host: 'localhost.gate.example' },
    { host, 'x-forwarded-for': '10.0.0.1' },
    { host, 'x-forwarded-host': 'localhost' },
    { host, 'x-forwarded-proto': 'https' },
    { host, forwarded: 'for=10.0.0.1' },
  ];
  expect((await ask(cloud.address, { host }, '/auth/verify')).status).toBe(200);
  for (const headers of refused) {
    for (const path of ['/api/v1/me', '/auth/verify']) {
      const answer = await ask(cloud.address, headers, path);
      expect(answer, path + JSON.stringify(headers)).toMatchObject({ status: 421 });
      expect(answer.body).toContain('"host_unknown"');
      expect(answer.body).not.toContain('personal');
    }
  }
  cloud.signal('SIGTERM');
  expect(await cloud.end).toEqual({ code: 0, signal: null });
  expect(cloud.said.err).toBe('');
  expect(await postmastersBelow(dataDir)).toEqual([]);
});
