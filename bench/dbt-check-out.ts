import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Commits of a dbt project, oldest first, each compared with the one before. `packages`: a folder of dbt packages as they are installed. */
export type History = { repository: string; folder: string; commits: readonly string[]; packages: string | null };

const lists = ['packages.yml', 'dependencies.yml', 'package-lock.yml'];

/**
 * Gives what puts a commit of the history into a folder: the dbt project with the packages that are given and those of its own repository.
 * Files whose contents the repository does not have are empty.
 */
export function openTree(history: History, tree: string): (commit: string) => void {
  const written = new Map<string, string>();
  const project = join(tree, history.folder);
  const installed = join(project, 'dbt_packages');
  return (commit) => {
    const before = new Set(written.keys());
    rmSync(installed, { recursive: true, force: true });
    for (const path of written.keys())
      if (path.startsWith(relative(history.folder, 'dbt_packages'))) written.delete(path);
    place({ history, tree, written }, commit, history.folder);
    const locals = localPackages(project);
    if (locals.length > 0) place({ history, tree, written }, commit, '');
    for (const path of before) if (!written.has(path)) rmSync(join(tree, path), { force: true });
    for (const local of locals) install(local, installed);
    const given = history.packages ?? '';
    for (const one of given === '' ? [] : readdirSync(given)) link(join(given, one), installed);
    // dbt refuses a project of whose packages one is missing.
    if (existsSync(installed)) for (const name of lists) remove(relative(history.folder, name));
  };
  function remove(path: string): void {
    rmSync(join(tree, path), { force: true });
    written.delete(path);
  }
}

type Tree = { history: History; tree: string; written: Map<string, string> };

/** Writes what is other than before; what is gone is gone from `written`. */
function place({ history, tree, written }: Tree, commit: string, folder: string): void {
  const where = folder === '' ? [] : ['--', folder];
  const git = (argv: string[], input = '') =>
    spawnSync('git', ['-C', history.repository, ...argv], { input, maxBuffer: 2 ** 30 }).stdout;
  const listed = git(['ls-tree', '-r', '-z', commit, ...where])
    .toString()
    .split('\0');
  const ids = new Map(
    listed.flatMap((line): [string, string][] => {
      const found = /^100\d+ blob (\w+)\t([\s\S]+)$/.exec(line);
      return found === null ? [] : [[found[2] ?? '', found[1] ?? '']];
    }),
  );
  for (const path of [...written.keys()]) if (!ids.has(path)) written.delete(path);
  const wanted = [...ids].filter(([path, id]) => written.get(path) !== id && isRead(path, history.folder));
  const contents = git(['cat-file', '--batch'], wanted.map(([, id]) => `${id}\n`).join(''));
  let at = 0;
  for (const [path, id] of wanted) {
    const end = contents.indexOf('\n', at);
    const size = Number(/ blob (\d+)$/.exec(contents.subarray(at, end).toString())?.[1] ?? -1);
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), size < 0 ? '' : contents.subarray(end + 1, end + 1 + size));
    written.set(path, id);
    at = size < 0 ? end + 1 : end + 2 + size;
  }
}

/** All of the project, and of the rest of the repository what packages are made of. */
function isRead(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`) || /\.(?:sql|ya?ml|py|csv|md)$/.test(path);
}

function relative(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

/** Folders that a project takes as packages from its own repository, directly or through others. */
function localPackages(project: string): string[] {
  const found = new Set<string>();
  for (const folder of [project, ...found]) {
    const texts = lists.map((name) => readIfThere(join(folder, name)));
    for (const said of texts.join('\n').matchAll(/^\s*-?\s*local:\s*["']?([^\s"'#]+)/gm))
      found.add(join(folder, said[1] ?? ''));
  }
  return [...found];
}

/** Under its own name, without what is installed or made in it and without the project that tests it. */
function install(folder: string, into: string): void {
  const name = packageName(folder);
  if (name === null || existsSync(join(into, name))) return;
  mkdirSync(join(into, name), { recursive: true });
  for (const entry of readdirSync(folder)) {
    const from = join(folder, entry);
    const holdsIt = `${into}/`.startsWith(`${from}/`);
    if (!holdsIt && ![...lists, ...leftOut].includes(entry)) cpSync(from, join(into, name, entry), { recursive: true });
  }
}

function link(folder: string, into: string): void {
  const name = packageName(folder);
  if (name === null || existsSync(join(into, name))) return;
  mkdirSync(into, { recursive: true });
  symlinkSync(resolve(folder), join(into, name), 'dir');
}

const leftOut = ['dbt_packages', 'integration_tests', 'integration_test_project', '.git', 'target', 'logs'];

/** The names of the packages that do not lie in the repository. */
export function foreignPackages({ repository, packages }: History): Set<string> {
  const given = packages === null ? [] : readdirSync(packages).map((name) => packageName(join(packages, name)));
  const grep = spawnSync('git', ['-C', repository, 'grep', '-hE', '^name:', 'HEAD', '--', '*dbt_project.yml']);
  const own = new Set([...grep.stdout.toString().matchAll(/^name:\s*["']?(\w+)/gm)].map((found) => found[1]));
  return new Set(given.filter((name) => name !== null && !own.has(name)).flatMap((name) => name ?? []));
}

/** Null: no dbt project lies there. */
function packageName(folder: string): string | null {
  return /^name:\s*["']?(\w+)/m.exec(readIfThere(join(folder, 'dbt_project.yml')))?.[1] ?? null;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
