import { realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Ignore } from 'ignore';
import { messageOf } from '../../base/errors.ts';
import type { Finding } from '../../model/finding.ts';
import type { FileEntry, ProjectFiles } from '../../model/project-files.ts';
import type { GitIndex } from './read-git-index.ts';
import { createTextReader } from './read-text.ts';
import { type FolderState, openFolders, type TreeFolders } from './tree-folders.ts';

/** Sizes in bytes. Files over `file` are left out of the tree; of files over `text` no text is read. */
export type TreeLimits = { files: number; file: number; text: number };

export const defaultLimits: TreeLimits = { files: 300_000, file: 256 * 1024 * 1024, text: 8 * 1024 * 1024 };

/** The files of a tree. `complaints` are findings on files whose text was asked for and could not be read. */
export type Tree = { files: ProjectFiles; findings: Finding[]; complaints(): Finding[] };

/** A tree on disk, with the state of each file by its path, and Git's index of it (null without one). */
export type DiskTree = Tree & { stats: ReadonlyMap<string, Stats>; index: GitIndex | null };

const skippedFolders = new Set([
  '.git',
  '.hg',
  '.svn',
  '.headgate',
  '.terraform',
  '.tox',
  '.nox',
  '.idea',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
  '__pycache__',
  '__pypackages__',
  'node_modules',
  'site-packages',
  'dbt_packages',
]);
/** Folders that are made by a tool when this file stands beside them. */
const madeBeside: { [folder: string]: readonly string[] } = {
  target: ['dbt_project.yml', 'dbt_project.yaml', 'pom.xml', 'build.sbt', 'Cargo.toml'],
  dbt_modules: ['dbt_project.yml', 'dbt_project.yaml'],
  logs: ['dbt_project.yml', 'dbt_project.yaml', 'airflow.cfg'],
};

type Rules = { folder: string; rules: Ignore };
type Walk = {
  root: string;
  limits: TreeLimits;
  folders: TreeFolders;
  entries: FileEntry[];
  findings: Finding[];
  full: boolean;
  /** Real folders that a symlink led to, each walked once. */
  linked: Set<string>;
  /** Files that Git tracks, and the folders they are in. */
  tracked: ReadonlySet<string>;
  stats: Map<string, Stats>;
};

/**
 * Walks a project's tree. Survives whatever stands there: symlinks that leave the project, circles, pipes, unreadable
 * and huge files each become a finding. Ignored by Git means not in the tree. `root` must be a real path. Whoever walks again and again
 * gives the same `folders` each time.
 */
export function readTree(
  root: string,
  limits: TreeLimits = defaultLimits,
  folders: TreeFolders = openFolders(),
): DiskTree {
  folders.begin();
  const index = folders.index(root);
  const walk: Walk = {
    root,
    limits,
    folders,
    entries: [],
    findings: [],
    full: false,
    linked: new Set(),
    tracked: trackedIn(index),
    stats: new Map(),
  };
  walkFolder(walk, { folder: '', real: root, above: [root], rules: [] });
  walk.entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const reader = createTextReader(root, walk.entries, limits.text);
  return {
    files: { entries: walk.entries, text: reader.text },
    findings: [...walk.findings, ...caseClashes(walk.entries)],
    complaints: reader.complaints,
    stats: walk.stats,
    index,
  };
}

type Folder = { folder: string; real: string; above: readonly string[]; rules: readonly Rules[] };

function walkFolder(walk: Walk, at: Folder): void {
  let state: FolderState;
  try {
    state = walk.folders.folder(at.folder, at.real);
  } catch (error) {
    walk.findings.push(
      treeComplaint('tree-unreadable', at.folder || '.', `This folder cannot be read: ${messageOf(error)}`),
    );
    return;
  }
  const { children, names } = state;
  if (at.folder !== '' && names.has('pyvenv.cfg') && isVirtualEnvironment(at.real)) return;
  const rules = names.has('.gitignore') ? [...at.rules, ...rulesOf(walk, at)] : at.rules;
  const inside = { ...at, rules };
  for (const child of children) {
    if (walk.full) return;
    const { path, real, kind, stats } = child;
    if (kind === 'link') followLink(walk, inside, path, names);
    else if (kind === 'folder') enterFolder(walk, inside, { path, real, beside: names });
    else if (kind === 'file') addFile(walk, rules, { path, real, stats });
    else if (!isIgnored(walk, rules, path, false))
      walk.findings.push(treeComplaint('tree-special-file', path, 'This is a pipe, socket or device, not a file.'));
  }
}

/** Whether a folder is made by a tool, by its name and by what stands `beside` it. */
export function isMadeByTool(name: string, beside: { has(file: string): boolean }): boolean {
  return skippedFolders.has(name) || (madeBeside[name] ?? []).some((file) => beside.has(file));
}

function enterFolder(walk: Walk, at: Folder, found: { path: string; real: string; beside: ReadonlySet<string> }): void {
  const name = found.path.slice(found.path.lastIndexOf('/') + 1);
  if (isMadeByTool(name, found.beside)) return;
  if (isIgnored(walk, at.rules, found.path, true)) return;
  walkFolder(walk, { folder: found.path, real: found.real, above: [...at.above, found.real], rules: at.rules });
}

function followLink(walk: Walk, at: Folder, path: string, beside: ReadonlySet<string>): void {
  if (isIgnored(walk, at.rules, path, false) || isIgnored(walk, at.rules, path, true)) return;
  let real: string;
  let stats: Stats;
  try {
    real = realpathSync(join(at.real, path.slice(path.lastIndexOf('/') + 1)));
    stats = statSync(real);
  } catch {
    walk.findings.push(treeComplaint('tree-symlink-broken', path, 'This symlink leads nowhere.'));
    return;
  }
  const inside = real === walk.root || real.startsWith(walk.root + sep);
  if (!inside) {
    walk.findings.push(
      treeComplaint('tree-symlink-outside', path, 'This symlink leads out of the project and was not followed.'),
    );
  } else if (stats.isDirectory()) {
    const circle = at.above.includes(real) || walk.root.startsWith(real + sep);
    if (circle)
      walk.findings.push(treeComplaint('tree-symlink-circle', path, 'This symlink leads back to a folder it is in.'));
    if (circle || walk.linked.has(real) || skippedPath(walk.root, real)) return;
    walk.linked.add(real);
    enterFolder(walk, at, { path, real, beside });
  } else if (stats.isFile()) {
    addFile(walk, at.rules, { path, real, stats });
  }
}

function skippedPath(root: string, real: string): boolean {
  return relative(root, real)
    .split(sep)
    .some((name) => skippedFolders.has(name));
}

function addFile(walk: Walk, rules: readonly Rules[], file: { path: string; real: string; stats: Stats | null }): void {
  if (isIgnored(walk, rules, file.path, false)) return;
  if (walk.entries.length >= walk.limits.files) {
    walk.full = true;
    walk.findings.push(
      treeComplaint(
        'tree-too-many-files',
        file.path,
        `The project has more than ${walk.limits.files} files; the rest was not read.`,
      ),
    );
    return;
  }
  try {
    const stats = file.stats ?? statSync(file.real);
    if (stats.size > walk.limits.file) {
      walk.findings.push(
        treeComplaint(
          'tree-file-too-large',
          file.path,
          `This file has ${stats.size} bytes and was left out (limit ${walk.limits.file}).`,
        ),
      );
      return;
    }
    walk.entries.push(walk.folders.entry(file.path, stats));
    walk.stats.set(file.path, stats);
  } catch (error) {
    walk.findings.push(treeComplaint('tree-unreadable', file.path, `This file cannot be read: ${messageOf(error)}`));
  }
}

function rulesOf(walk: Walk, at: Folder): Rules[] {
  const rules = walk.folders.rules(at.real);
  return rules === null ? [] : [{ folder: at.folder, rules }];
}

const trackedBy = new WeakMap<GitIndex, ReadonlySet<string>>();

/** Worked out once for an index. */
function trackedIn(index: GitIndex | null): ReadonlySet<string> {
  if (index === null) return new Set();
  const tracked = trackedBy.get(index) ?? withFolders(index.entries.map(({ path }) => path));
  trackedBy.set(index, tracked);
  return tracked;
}

/** The paths and every folder on the way to them. */
function withFolders(paths: readonly string[]): Set<string> {
  const all = new Set(paths);
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (all.has(path.slice(0, slash))) break;
      all.add(path.slice(0, slash));
    }
  }
  return all;
}

/** The nearest .gitignore that says anything about the path decides. */
function isIgnored(walk: Walk, all: readonly Rules[], path: string, folder: boolean): boolean {
  if (walk.tracked.has(path)) return false;
  for (const { folder: base, rules } of all.toReversed()) {
    const within = base === '' ? path : path.slice(base.length + 1);
    try {
      const verdict = rules.test(folder ? `${within}/` : within);
      if (verdict.ignored) return true;
      if (verdict.unignored) return false;
    } catch {
      return false;
    }
  }
  return false;
}

function isVirtualEnvironment(folder: string): boolean {
  return statSync(join(folder, 'pyvenv.cfg'), { throwIfNoEntry: false })?.isFile() === true;
}

function caseClashes(entries: readonly FileEntry[]): Finding[] {
  const seen = new Map<string, string>();
  return entries.flatMap(({ path }) => {
    const lower = path.toLowerCase();
    const other = seen.get(lower);
    seen.set(lower, path);
    return other === undefined
      ? []
      : [
          treeComplaint(
            'tree-case-clash',
            path,
            `Only the case of its letters tells this path from ${other}; some file systems cannot hold both.`,
          ),
        ];
  });
}

/** What is odd about a path of the tree, with what to do about it. */
export function treeComplaint(check: string, path: string, message: string): Finding {
  return {
    check,
    asset: null,
    path,
    line: null,
    status: 'failed',
    severity: 'warning',
    message,
    hint: hints[check] ?? null,
  };
}

const hints: { [check: string]: string } = {
  'tree-symlink-outside': 'Copy what it names into the project; a bundle holds files of the project only.',
  'tree-symlink-broken': 'Remove it or correct where it leads.',
  'tree-symlink-circle': 'Remove it; the folder was read under its own path.',
  'tree-special-file': 'Remove it from the project.',
  'tree-unreadable': 'Check its permissions.',
  'tree-file-too-large': 'Keep large data out of the project, or name it under `ignore`.',
  'tree-too-many-files': 'Name what need not be read under `ignore` or in .gitignore.',
  'tree-case-clash': 'Rename one of them.',
};
