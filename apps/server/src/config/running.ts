import type { ConfigFiles } from './environment.ts';
import { present, whole } from './parts.ts';
import type { Reading, Rule } from './reading.ts';
import { wholeNumber } from './rules/numbers.ts';
import { oneOf, path } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const runningVariables = {
  CLOUDGRID_LOG_LEVEL: {
    default: 'info',
    rule: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
  },
  CLOUDGRID_WORKERS: {
    default: '1',
    rule: 'Processes that answer requests on the one port: 1 to 128. With more than one, a further process leads them.',
  },
  INVITATION_TTL_DAYS: { default: '14', rule: 'How long an invitation may be accepted: 1 to 365 days.' },
  BREACHED_PASSWORDS_FILE: {
    otherwise: 'no such list; what is easily guessed is refused all the same',
    rule: 'A list of known passwords that nobody may choose: sorted lines of upper-case hexadecimal SHA-1, whole or the first 16 digits at least, each with `:count` or without. With `AUTH_POLICY` `standard` no server starts with a file that is no such list. [More](guides/passwords.md).',
  },
  GEOIP_FILE: {
    otherwise: 'no places',
    rule: 'A MaxMind database (City or Country, `.mmdb`) that names the place of an address, shown roughly with a session. A file that is replaced counts from the next start.',
  },
} as const satisfies VariableTable;

type RunningReading = Reading<keyof typeof runningVariables>;

type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export type RunningConfig = {
  readonly logLevel: LogLevel;
  readonly workers: number;
  readonly invitationTtlDays: number;
  /** Could be read when the configuration was. */
  readonly breachedPasswordsFile?: string;
  readonly geoipFile?: string;
};

export function readRunning(reading: RunningReading, files: ConfigFiles): RunningConfig | undefined {
  const readable = readableFile(files);
  const required = whole({
    logLevel: reading.take(
      'CLOUDGRID_LOG_LEVEL',
      oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    ),
    workers: reading.take('CLOUDGRID_WORKERS', wholeNumber(1, 128)),
    invitationTtlDays: reading.take('INVITATION_TTL_DAYS', wholeNumber(1, 365)),
  });
  const breachedPasswordsFile = reading.take('BREACHED_PASSWORDS_FILE', readable);
  const geoipFile = reading.take('GEOIP_FILE', readable);
  return required && { ...required, ...present({ breachedPasswordsFile, geoipFile }) };
}

function readableFile(files: ConfigFiles): Rule<string> {
  return {
    expects: 'the path of a file that can be read',
    parse(text) {
      const verdict = path.parse(text);
      return 'wrong' in verdict || files.isReadable(text)
        ? verdict
        : { wrong: 'names no file that can be read' };
    },
  };
}
