import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, openProbedDoor } from './door-probe.ts';
import type { OpenedDoor } from './door-probe.ts';

let door: OpenedDoor;
beforeAll(async () => {
  door = await openProbedDoor();
});
afterAll(async () => {
  await door.app.close();
});

describe('the log', () => {
  test('one line a request, with the route and not the address (K-02)', async () => {
    const before = door.logLines().length;
    await ask(door.port, '/auth/callback?code=canary-code&state=canary-state', {
      headers: { cookie: '__Host-gatehouse=canary-cookie', authorization: 'Bearer canary-token' },
    });
    await ask(door.port, '/api/v1/people/canary-person');
    await ask(door.port, '/canary-path?canary-query');
    const lines = door.logLines().slice(before);
    expect(
      lines.map(({ method, route, status }) => `${String(method)} ${String(route)} ${String(status)}`),
    ).toEqual(['GET /auth/callback 200', 'GET /api/v1/people/:id 200', 'GET none 404']);
    expect(lines[2]).toMatchObject({ level: 'info', code: 'not_found' });
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(3);
    expect(door.logged()).not.toContain('canary-path');
    expect(door.logged()).not.toMatch(/canary-(code|state|cookie|token|person|query)/);
  });

  test('a request is numbered by us: an id that the caller sends is not taken over', async () => {
    await ask(door.port, '/api/v1/probe', {
      headers: { 'x-request-id': 'canary-id', 'request-id': 'canary-id' },
    });
    expect(door.logged()).not.toContain('canary-id');
  });

  test('health checks leave no line', async () => {
    const before = door.logLines().length;
    await ask(door.port, '/livez');
    await ask(door.port, '/readyz');
    expect(door.logLines()).toHaveLength(before);
  });

  test('an address that no router can read leaves its line too', async () => {
    const answer = await ask(door.port, '/api/v1/people/%E0%A4%A');
    expect(door.logged()).toContain(answer.problem().reference);
  });
});
