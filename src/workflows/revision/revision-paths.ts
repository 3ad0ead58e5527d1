import type { TreeEntry } from '../../base/git/tree-entries.ts';
import type { Finding } from '../../model/finding.ts';
import { folderOf, joinPath } from '../../model/join-path.ts';
import { isMadeByTool, treeComplaint } from '../project/read-tree.ts';

/** A file as the working tree would have it: the symlinks of the commit are followed. */
export type RevisionFile = { path: string; id: string; size: number; executable: boolean };
export type RevisionPaths = { files: RevisionFile[]; submodules: { path: string; id: string }[]; findings: Finding[] };

type Listing = {
  byPath: ReadonlyMap<string, TreeEntry>;
  /** Names of what is right in a folder. */
  inside: ReadonlyMap<string, ReadonlySet<string>>;
  linkTarget(id: string): string | null;
};
type Walk = Listing & RevisionPaths & { linked: Set<string> };

/**
 * The files of a commit's listing by the rules of the working tree: folders that tools make are left out, a symlink stands
 * for the file or folder of the project that it names, each folder once. What leads nowhere or out of the project is a finding.
 */
export function revisionPaths(entries: readonly TreeEntry[], linkTarget: (id: string) => string | null): RevisionPaths {
  const walk: Walk = {
    ...{ byPath: new Map(entries.map((entry) => [entry.path, entry])), inside: contents(entries), linkTarget },
    ...{ files: [], submodules: [], findings: [], linked: new Set() },
  };
  for (const child of children(walk, '')) visit(walk, child, child, ['']);
  walk.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: walk.files, submodules: walk.submodules, findings: walk.findings };
}

function contents(entries: readonly TreeEntry[]): Map<string, Set<string>> {
  const inside = new Map<string, Set<string>>();
  for (const { path } of entries) {
    for (let at = path; at !== ''; at = folderOf(at)) {
      const folder = folderOf(at);
      const known = inside.get(folder);
      if (known?.has(at) === true) break;
      if (known === undefined) inside.set(folder, new Set([at]));
      else known.add(at);
    }
  }
  return inside;
}

function children(walk: Walk, folder: string): string[] {
  return [...(walk.inside.get(folder) ?? [])].sort();
}

/** `real` is the path in the commit, `path` the one it is reached by, `above` the real folders around it. */
function visit(walk: Walk, path: string, real: string, above: readonly string[]): void {
  const entry = walk.byPath.get(real);
  if (entry === undefined) enter(walk, path, real, above);
  else if (entry.kind === 'submodule') walk.submodules.push({ path, id: entry.id });
  else if (entry.kind === 'link') follow(walk, { path, entry, above });
  else walk.files.push({ path, id: entry.id, size: entry.size, executable: entry.executable });
}

function enter(walk: Walk, path: string, real: string, above: readonly string[]): void {
  const beside = walk.inside.get(folderOf(real)) ?? new Set<string>();
  const within = folderOf(real);
  const has = (file: string) => beside.has(within === '' ? file : `${within}/${file}`);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isMadeByTool(name, { has }) || walk.byPath.has(`${real}/pyvenv.cfg`)) return;
  for (const child of children(walk, real))
    visit(walk, `${path}/${child.slice(real.length + 1)}`, child, [...above, real]);
}

function follow(walk: Walk, link: { path: string; entry: TreeEntry; above: readonly string[] }): void {
  const { path, above } = link;
  const found = resolve(walk, link.entry);
  if (found === 'nowhere' || found === 'outside') {
    const [check, message] =
      found === 'nowhere'
        ? ['tree-symlink-broken', 'This symlink leads nowhere.']
        : ['tree-symlink-outside', 'This symlink leads out of the project and was not followed.'];
    walk.findings.push(treeComplaint(check, path, message));
    return;
  }
  const entry = walk.byPath.get(found);
  if (entry !== undefined) {
    visit(walk, path, found, above);
    return;
  }
  const circle = above.includes(found);
  if (circle)
    walk.findings.push(treeComplaint('tree-symlink-circle', path, 'This symlink leads back to a folder it is in.'));
  if (circle || walk.linked.has(found) || found.split('/').some((name) => isMadeByTool(name, new Set()))) return;
  walk.linked.add(found);
  enter(walk, path, found, above);
}

const MOST_LINKS = 40;

/** The file or folder that a link means in the end, links to links included. */
function resolve(walk: Walk, first: TreeEntry): string | 'nowhere' | 'outside' {
  let entry = first;
  for (let hop = 0; hop < MOST_LINKS; hop += 1) {
    const target = walk.linkTarget(entry.id);
    if (target === null || target === '') return 'nowhere';
    const path = target.startsWith('/') ? null : inProject(folderOf(entry.path), target);
    if (path === null) return 'outside';
    const real = throughLinks(walk, path);
    const next = walk.byPath.get(real);
    if (next === undefined) return real === '' || walk.inside.has(real) ? real : 'nowhere';
    if (next.kind !== 'link') return real;
    entry = next;
  }
  return 'nowhere';
}

/** Null when `..` leads above the project. */
function inProject(folder: string, relative: string): string | null {
  let depth = folder === '' ? 0 : folder.split('/').length;
  for (const step of relative.split('/')) {
    if (step === '..') depth -= 1;
    else if (step !== '.' && step !== '') depth += 1;
    if (depth < 0) return null;
  }
  return joinPath(folder, relative);
}

/** A path whose first folders are themselves links, one level deep: `b/x` where `b` is a link to `a` is `a/x`. */
function throughLinks(walk: Walk, path: string): string {
  for (let at = folderOf(path); at !== ''; at = folderOf(at)) {
    const link = walk.byPath.get(at);
    if (link?.kind !== 'link') continue;
    const target = inProject(folderOf(at), walk.linkTarget(link.id) ?? '');
    return target === null ? path : joinPath(target, path.slice(at.length + 1));
  }
  return path;
}
