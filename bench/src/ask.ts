import { Agent, request as httpRequest } from 'node:http';

export type Answer = {
  readonly status: number;
  readonly location: string | undefined;
  readonly setCookies: readonly string[];
  readonly body: string;
};

export type Asking = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly keepAlive?: boolean;
};

const agent = new Agent({ keepAlive: true, maxSockets: 512 });

/** One request, redirects not followed. */
export async function ask(url: URL, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, keepAlive = true } = asking;
  return await new Promise((resolve, reject) => {
    const options = { method, headers, agent: keepAlive ? agent : false };
    const request = httpRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          setCookies: response.headers['set-cookie'] ?? [],
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/**
 * One request whose answer nobody reads: the connection is cut off when its head arrives, or after so long. What the
 * server did stays done.
 */
export async function askAndLose(url: URL, asking: Asking, mostMs: number): Promise<void> {
  const { method = 'GET', headers = {} } = asking;
  await new Promise<void>((resolve) => {
    const request = httpRequest(url, { method, headers, agent: false });
    request.once('response', () => request.destroy());
    request.on('error', () => undefined); // `close` follows
    request.once('close', resolve);
    setTimeout(() => request.destroy(), mostMs);
    request.end();
  });
}

/** `name=value; …` of what an answer sets, as a browser would send it back. */
export function cookiesOf({ setCookies }: Answer): string {
  return setCookies.map((cookie) => cookie.split(';')[0] ?? '').join('; ');
}

export function closeConnections(): void {
  agent.destroy();
}
