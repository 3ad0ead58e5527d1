import { normalFolder } from '../../model/path-schema.ts';
import type { SparkPart } from './config.ts';

/** The application of a job as its readers take it: its file, where Python would look for its modules, and its command line. */
export function applicationOf(settings: SparkPart): { file: string; searchPath: string[]; given: readonly string[] } {
  const folder = normalFolder(settings.path);
  return { file: normalFolder(`${folder}/${settings.main}`), searchPath: [folder, ''], given: settings.args ?? [] };
}
