import type { Check } from './check.ts';
import { openGroup } from './check.ts';

const group = openGroup('http');

/** What every answer carries besides what the write buffer is for. */
const usualHeadKilobytes = 8;

/**
 * What a proxy in front has to let through for these to be of use, as in `ops/nginx`; nginx is content with 8 kB unless
 * told. Of requests it takes twice as much, since we know better what to say to too much.
 */
export function bufferChecks(readBytes: number, writeBytes: number): readonly Check[] {
  const [read, write] = [2 * kilobytes(readBytes), kilobytes(writeBytes) + usualHeadKilobytes];
  return [
    group.ok('request head', `${readBytes} bytes; nginx: large_client_header_buffers 4 ${read}k;`),
    group.ok(
      'answers',
      `${writeBytes} bytes; nginx: proxy_buffer_size ${write}k; proxy_buffers 4 ${write}k; proxy_busy_buffers_size ${2 * write}k;`,
    ),
  ];
}

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
