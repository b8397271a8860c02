import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { IConfiguration, ICruiseResult } from 'dependency-cruiser';
import { root } from './tree.ts';

// The file is the tool's own configuration format, so that `depcruise` on a command line reads the same rules.
const configuration = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as IConfiguration;

export const importRules = (configuration.forbidden ?? []).map(({ name, comment }) => ({
  name: name ?? '',
  comment,
}));

export type Breach = { readonly rule: string; readonly from: string; readonly to: string };

export type ImportReport = { readonly files: readonly string[]; readonly breaches: readonly Breach[] };

/** Holds the imports of all files in `folders`, which lie below `baseDir`, against the rules. */
export async function checkImports(baseDir: string, folders: readonly string[]): Promise<ImportReport> {
  const { enhancedResolveOptions, ...options } = configuration.options ?? {};
  const { output } = await cruise(
    [...folders],
    { ...options, baseDir, validate: true, ruleSet: { forbidden: configuration.forbidden ?? [] } },
    enhancedResolveOptions,
  );
  // Without an output type, the tool answers with its result itself.
  const result = output as ICruiseResult;
  return {
    files: result.modules.map(({ source }) => source).filter((source) => !source.includes('node_modules/')),
    breaches: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
