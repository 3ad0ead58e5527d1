import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail } from '../../base/errors.ts';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import { type WrittenFile, type WrittenPart, writeProjectFiles } from '../../delivery/project/write-project-file.ts';
import type { Finding } from '../../model/finding.ts';
import { targets } from '../../targets/registry.ts';
import { projectNameOf } from './read-project.ts';
import { readTree } from './read-tree.ts';

export type InitOptions = { force: boolean; dryRun: boolean };
/** `files` are what was written, or would be with `dryRun`. */
export type InitResult = {
  root: string;
  parts: WrittenPart[];
  files: WrittenFile[];
  written: boolean;
  findings: Finding[];
};

/**
 * Looks at a repository and writes a headgate.yaml for it, with environments where there are none. Changes no other file.
 * Where nothing is found the file has no parts and a finding says so. Throws `project-file-exists` without `force`.
 */
export async function initProject(folder: string, options: InitOptions): Promise<InitResult> {
  const root = resolve(folder);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw fail('project-folder-missing', { folder });
  const exists = existsSync(join(root, projectFileName));
  if (exists && !options.force && !options.dryRun)
    throw fail('project-file-exists', { file: join(root, projectFileName) });
  const tree = readTree(root);
  const parts: WrittenPart[] = [];
  for (const target of targets) {
    parts.push(...(await target.propose(tree.files)).map((part) => ({ target: target.id, ...part })));
  }
  const environmentFiles = tree.files.entries
    .map((entry) => entry.path)
    .filter((path) => /^environments\/[^/]+\.ya?ml$/.test(path));
  const files = writeProjectFiles({ project: projectNameOf(root), parts, environmentFiles, titles: titles() });
  if (!options.dryRun) for (const file of files) writeNew(root, file);
  return {
    root,
    parts,
    files,
    written: !options.dryRun,
    findings: [...(parts.length === 0 ? [nothingFound] : []), ...tree.findings, ...tree.complaints()],
  };
}

const nothingFound: Finding = {
  check: 'project-nothing-found',
  asset: null,
  path: null,
  line: null,
  status: 'failed',
  severity: 'warning',
  message: 'Nothing that Headgate could deliver was found outside tests, templates and documentation.',
  hint: 'Name the parts in headgate.yaml, or run `headgate init --force` in the root of the repository.',
};

function titles(): { [target: string]: string } {
  return Object.fromEntries(targets.map((target) => [target.id, target.title]));
}

function writeNew(root: string, file: WrittenFile): void {
  const path = join(root, file.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file.text);
}
