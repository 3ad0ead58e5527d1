import type { Finding } from '../../../model/finding.ts';
import type { AddedLines } from './added-lines.ts';
import { findSecrets } from './find-secrets.ts';

/**
 * Secrets that commits of a change brought in and that are gone from the files again: they are in the history for everybody who
 * has it. What is still in a file is the check `no-secrets`' to tell. `current` gives a file's text as it is now. Places are
 * those in the commit.
 */
export function findPastSecrets(added: readonly AddedLines[], current: (path: string) => string | null): Finding[] {
  const seen = new Set<string>();
  return added.flatMap(({ commit, path, line: first, lines }) =>
    findSecrets(path, lines.join('\n')).flatMap((finding) => {
      const text = lines[(finding.line ?? 1) - 1] ?? '';
      const key = JSON.stringify([path, text]);
      if (seen.has(key) || isStillThere(text, current(path))) return [];
      seen.add(key);
      return [past(finding, { commit, line: first + (finding.line ?? 1) - 1 })];
    }),
  );
}

function isStillThere(line: string, text: string | null): boolean {
  return text?.split('\n').includes(line) ?? false;
}

function past(finding: Finding, { commit, line }: { commit: string; line: number }): Finding {
  const what = finding.message.replace(/\.$/, '').replace(/ is written /, ' was written ');
  return {
    ...finding,
    check: 'secrets-in-change',
    line,
    message: `${what} by commit ${commit.slice(0, 10)}; it is gone from the file, but not from the history.`,
    hint: 'Revoke it. Then rewrite the branch so that no commit has it (`git rebase -i`), before others fetch it.',
  };
}
