import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Terraform or OpenTofu on this machine: HEADGATE_TERRAFORM, else the first on PATH. Null where there is none. */
export function terraformTool(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env.HEADGATE_TERRAFORM !== undefined && isAbsolute(env.HEADGATE_TERRAFORM)) return env.HEADGATE_TERRAFORM;
  const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const programs = ['terraform', 'tofu'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return programs.find(isProgram) ?? null;
}

export const HOW_TO_INSTALL =
  'Install Terraform (or OpenTofu) so that it is on PATH, or name it in HEADGATE_TERRAFORM; no package registry has it.';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
