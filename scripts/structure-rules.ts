/**
 * Who may know whom. A file belongs to the layer with the longest matching prefix and may import its own layer and
 * those with a lower rank. `only` narrows that to the named prefixes.
 */
export type Layer = { prefix: string; rank: number; only: readonly string[] | null };

export const layers: readonly Layer[] = [
  { prefix: 'src/base/', rank: 0, only: null },
  { prefix: 'src/model/', rank: 1, only: null },
  { prefix: 'src/compatibility/', rank: 2, only: ['src/base/', 'src/model/', 'src/compatibility/'] },
  { prefix: 'src/targets/contract.ts', rank: 2, only: null },
  { prefix: 'src/targets/release-home/', rank: 3, only: null },
  { prefix: 'src/targets/python-tests/', rank: 3, only: null },
  { prefix: 'src/targets/python-types/', rank: 3, only: null },
  { prefix: 'src/targets/sql-lint/', rank: 3, only: null },
  { prefix: 'src/targets/code-changes/', rank: 3, only: null },
  {
    prefix: 'src/delivery/',
    rank: 3,
    only: ['src/model/', 'src/base/', 'src/compatibility/', 'src/targets/contract.ts', 'src/delivery/'],
  },
  { prefix: 'src/targets/', rank: 4, only: ['src/base/', 'src/model/', 'src/compatibility/', 'src/targets/'] },
  { prefix: 'src/workflows/ports.ts', rank: 4, only: null },
  { prefix: 'src/workflows/release/delivery-store.ts', rank: 4, only: null },
  { prefix: 'src/environments/', rank: 5, only: null },
  { prefix: 'src/store/', rank: 5, only: null },
  { prefix: 'src/workflows/', rank: 6, only: null },
  { prefix: 'src/server/', rank: 7, only: null },
  { prefix: 'src/cli/', rank: 8, only: null },
  { prefix: 'web/', rank: 9, only: ['web/', 'src/server/contract.ts'] },
  { prefix: 'tests/', rank: 10, only: null },
  { prefix: 'bench/', rank: 10, only: null },
  { prefix: 'scripts/', rank: 10, only: null },
];

/** What pure code may not do, and why; matched against the text of `src/delivery/` and every `discover.ts`, tests left out. */
export const impurities: readonly { pattern: RegExp; because: string }[] = [
  { pattern: /from '(node:)?(fs|net|http|https|child_process|os|dns|tls)(\/promises)?'/, because: 'does I/O' },
  { pattern: /\bDate\.now\(\)|\bnew Date\(\)/, because: 'reads the clock' },
  { pattern: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/, because: 'is random' },
  { pattern: /\bfetch\(/, because: 'uses the network' },
  { pattern: /\bprocess\.(env|cwd|stdout|stderr)\b/, because: 'reads the process' },
];

/** Names that say nothing about what is inside. */
export const emptyNames = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'manager',
  'service',
  'handler',
  'data',
  'info',
  'misc',
];

export const longestFile = 400;

/** Files every target has; those that deliver have the second list too. */
export const targetFiles = ['readme.md', 'index.ts', 'config.ts', 'discover.ts'];
export const deliveringTargetFiles = ['layout.ts', 'inspect.ts', 'apply.ts', 'health.ts', 'failures.ts', 'check.ts'];

/** Folders of `src/targets/` that are shared by targets and are none themselves. */
export const sharedTargetFolders = ['release-home', 'python-tests', 'python-types', 'sql-lint', 'code-changes'];
