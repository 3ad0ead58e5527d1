export const revisionErrors = {
  'git-missing': (p: { folder: string }) => ({
    message: `Git could not be started to read the history of ${p.folder}.`,
    hint: 'Install git, or check that it is on PATH.',
    exit: 3 as const,
  }),
  'git-no-repository': (p: { folder: string }) => ({
    message: `${p.folder} is in no Git repository, so there is nothing to compare it with.`,
    hint: 'Run this inside a clone of the repository, with its `.git`.',
    exit: 2 as const,
  }),
  'git-refused': (p: { what: string; said: string }) => ({
    message: `Git could not ${p.what}: ${p.said}`,
    hint: 'Nothing was changed. `git fsck` tells whether the repository is whole; a partial clone lacks contents (fetch without a filter).',
    exit: 3 as const,
  }),
  'git-revision-unknown': (p: { revision: string; near: string | null }) => ({
    message: `There is no revision \`${p.revision}\` in this repository.`,
    hint:
      p.near === null
        ? 'Name a branch, a tag or a commit that has been fetched.'
        : `Did you mean \`${p.near}\`? Else fetch it first.`,
    exit: 2 as const,
  }),
  'git-revision-not-fetched': (p: { revision: string }) => ({
    message: `The revision \`${p.revision}\` is not in this shallow clone.`,
    hint: 'Fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout.',
    exit: 3 as const,
  }),
  'git-history-shallow': (p: { base: string; head: string }) => ({
    message: `This clone is too shallow to tell where ${p.head} left ${p.base}.`,
    hint: 'Fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout.',
    exit: 3 as const,
  }),
  'git-no-default-branch': (p: { tried: string }) => ({
    message: `Could not tell what to compare with: none of ${p.tried} is here.`,
    hint: 'Name the revision with `--base`, for example `--base origin/main`.',
    exit: 2 as const,
  }),
  'impact-two-heads': (p: { base: string; head: string }) => ({
    message: `\`--base ${p.base}\` names both ends, and \`--head ${p.head}\` another end.`,
    hint: 'Give a range, or `--base` with `--head`, not both.',
    exit: 2 as const,
  }),
  'asset-unknown': (p: { key: string; near: string | null; alike: string }) => ({
    message: `The catalogue has no asset \`${p.key}\`.`,
    hint:
      p.near === null
        ? `Run \`headgate catalog\` for the keys that exist.${p.alike}`
        : `Did you mean \`${p.near}\`?${p.alike}`,
    exit: 2 as const,
  }),
  'column-unknown': (p: { key: string; column: string; known: string }) => ({
    message: `\`${p.key}\` has no column \`${p.column}\` that can be seen.`,
    hint: `Columns are: ${p.known}.`,
    exit: 2 as const,
  }),
};
