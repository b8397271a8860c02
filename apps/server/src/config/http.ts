import { whole } from './parts.ts';
import type { Reading } from './reading.ts';
import { wholeNumber } from './rules/numbers.ts';
import { anyText } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const httpVariables = {
  HTTP_READ_BUFFER_BYTES: {
    default: '65536',
    rule: 'The largest request head that is read; a larger one gets 431. 1024 to 1048576. Below 16384 the cookies of an Entra sign-in may not fit: a mistake when `NODE_ENV` is `production`, a warning otherwise.',
  },
  HTTP_WRITE_BUFFER_BYTES: {
    default: '65536',
    rule: 'How much of an answer waits in memory for a slow reader (the high-water mark). The same limits.',
  },
  NODE_ENV: {
    rule: '`production` makes a mistake of either buffer below 16384, which is a warning otherwise. Nothing else.',
  },
} as const satisfies VariableTable;

type HttpReading = Reading<keyof typeof httpVariables>;

export type HttpBuffers = { readonly readBufferBytes: number; readonly writeBufferBytes: number };

export function readHttpBuffers(reading: HttpReading): HttpBuffers | undefined {
  return whole({
    readBufferBytes: readBuffer(reading, 'HTTP_READ_BUFFER_BYTES'),
    writeBufferBytes: readBuffer(reading, 'HTTP_WRITE_BUFFER_BYTES'),
  });
}

const roomyBytes = 16_384;
const bufferSize = wholeNumber(1024, 1_048_576);

function readBuffer(
  reading: HttpReading,
  name: 'HTTP_READ_BUFFER_BYTES' | 'HTTP_WRITE_BUFFER_BYTES',
): number | undefined {
  const bytes = reading.take(name, bufferSize);
  if (bytes === undefined || bytes >= roomyBytes) return bytes;
  const reason = `is below ${roomyBytes}, too little for the cookies of an Entra sign-in`;
  if (reading.take('NODE_ENV', anyText) === 'production') {
    reading.mistake(name, `${reason}. Expected: ${roomyBytes} or more in production.`);
    return undefined;
  }
  reading.warn(name, `${reason}; with NODE_ENV production it would be a mistake.`);
  return bytes;
}
