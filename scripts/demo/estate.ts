import { execFile } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const example = fileURLToPath(new URL('../../examples/payments/', import.meta.url));

/** The example estate as a team's own Git repository, in which the demo commits changes. */
export type Estate = {
  folder: string;
  /** Commits files over the tree; `author` is the Git name. Gives the commit's id. */
  commit(input: { title: string; author: string; change: (folder: string) => Promise<void> }): Promise<string>;
  /** Copies the files of `changes/<name>` of the example over the tree. */
  overlay(name: string): (folder: string) => Promise<void>;
  /** Takes the last commit back out of the working tree, as `git revert` does. */
  revert(author: string): Promise<void>;
};

/** Copies the example into `folder` and makes it a repository with one commit. What was there before is replaced. */
export async function createEstate(folder: string): Promise<Estate> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(example, folder, {
    recursive: true,
    filter: (path) => !/__pycache__|\/changes(\/|$)|\/\.headgate(\/|$)/.test(path),
  });
  await writeFile(join(folder, '.gitignore'), '.headgate/\n__pycache__/\n*.pyc\ndbt/shop/target/\ndbt/shop/logs/\n');
  const git = gitIn(folder);
  await git('platform', ['init', '-q', '-b', 'main']);
  await commitAll(git, 'platform', 'The payments estate');
  return {
    folder,
    async commit({ title, author, change }) {
      await change(folder);
      return commitAll(git, author, title);
    },
    overlay: (name) => async (to) => {
      await cp(join(example, 'changes', name, 'files'), to, { recursive: true });
    },
    async revert(author) {
      await git(author, ['revert', '--no-edit', 'HEAD']);
    },
  };
}

type Git = (author: string, argv: readonly string[]) => Promise<string>;

/** Git with an author of its own, so that the demo neither needs nor touches the machine's Git configuration. */
function gitIn(folder: string): Git {
  return async (author, argv) => {
    const identity = { name: author, email: `${author}@example.invalid` };
    const { stdout } = await run('git', [...argv], {
      cwd: folder,
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: identity.name,
        GIT_AUTHOR_EMAIL: identity.email,
        GIT_COMMITTER_NAME: identity.name,
        GIT_COMMITTER_EMAIL: identity.email,
      },
    });
    return stdout.trim();
  };
}

async function commitAll(git: Git, author: string, title: string): Promise<string> {
  await git(author, ['add', '--all']);
  await git(author, ['commit', '-q', '-m', title]);
  return git(author, ['rev-parse', 'HEAD']);
}
