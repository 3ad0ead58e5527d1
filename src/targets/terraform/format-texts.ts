import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { childEnv } from '../../base/child-env.ts';
import { runTool } from '../../base/run-tool.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

/** The texts of a project's Terraform files as `terraform fmt` writes them, by path. Null where it cannot read one of them. */
export type FormattedTexts = ReadonlyMap<string, string> | null;

const MOST_MILLISECONDS = 120_000;

const formatted = new WeakMap<ProjectFiles, Promise<FormattedTexts>>();

/** Starts Terraform once for all stacks of a project: it takes a moment to start, and no time for one more small file. */
export function formatTexts(program: string, files: ProjectFiles): Promise<FormattedTexts> {
  const known = formatted.get(files) ?? formatAll(program, files).catch(() => null);
  formatted.set(files, known);
  return known;
}

export function isFormatted(path: string): boolean {
  return /\.(?:tf|tfvars)$/.test(path);
}

async function formatAll(program: string, files: ProjectFiles): Promise<FormattedTexts> {
  const scratch = mkdtempSync(join(tmpdir(), 'headgate-format-'));
  try {
    const places = files.entries
      .filter(({ path }) => isFormatted(path))
      .map(({ path }, index) => ({ path, place: join(scratch, String(index), basename(path)) }));
    for (const { path, place } of places) {
      mkdirSync(join(place, '..'));
      writeFileSync(place, files.text(path) ?? '');
    }
    const env = childEnv([], { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' });
    const argv = [program, 'fmt', '-no-color', '-list=false', '-recursive', scratch];
    const ended = await runTool({ argv, cwd: '/', env, signal: AbortSignal.timeout(MOST_MILLISECONDS) });
    if (ended.status !== 0) return null;
    return new Map(places.map(({ path, place }) => [path, readFileSync(place, 'utf8')]));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
