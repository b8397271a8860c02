import { accessSync, constants, readFileSync, statSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The one door to the process's environment. Everything else takes an `Environment`. */
export function processEnvironment(): Environment {
  return process.env;
}

/** The little that a configuration asks of the disk. */
export type ConfigFiles = {
  /** Throws where there is no such file, or none that may be read. */
  readText(path: string): string;
  isReadable(path: string): boolean;
};

const largestSecretFileBytes = 65_536;

export const diskFiles: ConfigFiles = {
  readText(path) {
    if (statSync(path).size > largestSecretFileBytes) throw new Error('too large for a secret');
    return readFileSync(path, 'utf8');
  },
  isReadable(path) {
    try {
      accessSync(path, constants.R_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  },
};
