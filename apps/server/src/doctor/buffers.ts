import type { Check } from './check.ts';
import { openGroup } from './check.ts';

const group = openGroup('http');

/** What a proxy in front has to let through for these to be of use; nginx is content with 8 kB unless told. */
export function bufferChecks(readBytes: number, writeBytes: number): readonly Check[] {
  const [read, write] = [kilobytes(readBytes), kilobytes(writeBytes)];
  return [
    group.ok('request head', `${readBytes} bytes; nginx: large_client_header_buffers 4 ${read}k;`),
    group.ok(
      'answers',
      `${writeBytes} bytes; nginx: proxy_buffer_size ${write}k; proxy_buffers 8 ${write}k; proxy_busy_buffers_size ${2 * write}k;`,
    ),
  ];
}

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
