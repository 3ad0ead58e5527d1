import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with a real repository, for tests. `commit` writes texts (null removes), commits all and gives the commit's id. */
export type GitFolder = {
  root: string;
  write(texts: { [path: string]: string | null }): void;
  git(...argv: string[]): string;
  commit(texts: { [path: string]: string | null }): string;
};

const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid', '-c', 'protocol.file.allow=always'];

/** Runs an act in a new repository with the branch `main`, and removes it. */
export async function inRepository(act: (folder: GitFolder) => Promise<void> | void): Promise<void> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-git-')));
  const git = (...argv: string[]) =>
    execFileSync('git', [...identity, ...argv], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const write = (texts: { [path: string]: string | null }) => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (text === null) rmSync(join(root, path), { recursive: true });
      else writeFileSync(join(root, path), text);
    }
  };
  const commit = (texts: { [path: string]: string | null }) => {
    write(texts);
    git('add', '--all');
    git('commit', '-q', '--allow-empty', '-m', 'change');
    return git('rev-parse', 'HEAD');
  };
  try {
    git('init', '-q', '-b', 'main');
    await act({ root, write, git, commit });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
