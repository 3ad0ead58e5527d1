import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import ignore from 'ignore';
import { parseOnce } from '../../delivery/project/parse-once.ts';
import type { Project, ProjectPart } from '../../delivery/project/project.ts';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import type { PartSchemas } from '../../delivery/project/project-schema.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { targets } from '../../targets/registry.ts';
import { projectRoot } from './project-root.ts';
import { readTree, type Tree } from './read-tree.ts';

/**
 * A project as read from its folder. `root` is its real path. `declared` is false when there is no headgate.yaml: the
 * parts are then those that `headgate init` would write. `complaints` are the findings on files whose text could not
 * be read so far; it grows while the files are used.
 */
export type ProjectReading = {
  root: string;
  project: Project;
  declared: boolean;
  files: ProjectFiles;
  findings: Finding[];
  complaints(): Finding[];
};

/**
 * Reads the project that `folder` is in. Nothing in the tree makes it fail; what is wrong is in `findings`.
 * Throws `project-folder-missing` when there is no such folder.
 */
export async function readProject(folder: string): Promise<ProjectReading> {
  const root = projectRoot(folder);
  return projectReading(root, readTree(root), existsSync(join(root, projectFileName)));
}

/** The project that a tree holds, wherever the tree came from. `root` names the project where headgate.yaml does not. */
export async function projectReading(root: string, tree: Tree, declared: boolean): Promise<ProjectReading> {
  const schemas = partSchemas();
  const first = parseOnce({ files: tree.files, schemas, folderName: projectNameOf(root) });
  const files = withoutIgnored(tree, first.project.ignore);
  const read =
    first.project.ignore.length === 0 ? first : parseOnce({ files, schemas, folderName: projectNameOf(root) });
  const { findings, complaints } = tree;
  if (declared)
    return { root, project: read.project, declared, files, findings: [...findings, ...read.findings], complaints };
  const project = { ...read.project, parts: await proposedParts(files) };
  const found = read.findings.filter((finding) => finding.check !== 'project-file-missing');
  return { root, project, declared, files, findings: [...findings, ...found], complaints };
}

const schemasOfTargets: PartSchemas = Object.fromEntries(targets.map((target) => [target.id, target.partSettings]));

/** The settings schema of each target. */
export function partSchemas(): PartSchemas {
  return schemasOfTargets;
}

/** The parts that the targets see in a repository, in the order of the registry. */
async function proposedParts(files: ProjectFiles): Promise<ProjectPart[]> {
  const proposed = await Promise.all(
    targets.map(async (target) =>
      (await target.propose(files)).map(({ name, settings }) => ({ target: target.id, part: { name, settings } })),
    ),
  );
  return proposed.flat();
}

/** The folder's name as a project name: only letters, digits, dots, dashes and underscores. */
export function projectNameOf(root: string): string {
  return (
    basename(root)
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'project'
  );
}

function withoutIgnored(tree: Tree, patterns: readonly string[]): ProjectFiles {
  if (patterns.length === 0) return tree.files;
  const rules = ignore().add([...patterns]);
  const entries = tree.files.entries.filter((entry) => !rules.ignores(entry.path));
  const kept = new Set(entries.map((entry) => entry.path));
  return { entries, text: (path) => (kept.has(path) ? tree.files.text(path) : null) };
}
