import { ensureTool } from '../../base/python/ensure-tool.ts';
import { runMypy } from '../../base/python/run-mypy.ts';
import { type RuntimeName, runtimePresent } from '../../base/python/runtime.ts';
import { notTold, setUpOnce, skipped, withoutTool } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { isInside } from '../../model/path-schema.ts';
import type { CheckInput } from '../contract.ts';
import { judgeTypes, mypySettings } from './judge-types.ts';

/** `folders` hold the part's code and are where its modules are found; files that `isLeftOut` names are not judged. */
export type TypedPart = { folders: readonly string[]; runtime: RuntimeName; isLeftOut(path: string): boolean };

/** Type checks the Python of a part with mypy, where the repository has settings for it. */
export async function checkTypes(input: CheckInput, { folders, runtime, isLeftOut }: TypedPart): Promise<Finding[]> {
  const settings = folders.map((folder) => mypySettings(input.files, folder)).find((path) => path !== null) ?? null;
  if (settings === null)
    return [skipped('python-types', 'The repository has no settings of mypy, so its types are not judged.')];
  const paths = input.files.entries
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.py') && folders.some((folder) => isInside(path, folder)) && !isLeftOut(path));
  if (paths.length === 0) return [skipped('python-types', 'There is no Python.')];
  const packages = input.exact === 'never' ? null : runtimePresent(runtime);
  if (packages === null) {
    const why =
      input.exact === 'never' ? 'only the text was to be read' : `the ${runtime} runtime is not set up on this machine`;
    return [notTold('python-types', why, setUpOnce)];
  }
  const mypy = await ensureTool('mypy');
  if ('absent' in mypy) return [withoutTool('python-types', mypy)];
  const said = await runMypy({
    ...{ mypy, packages, root: input.root, paths, sources: folders, settings },
    signal: input.control?.signal,
  });
  return 'failed' in said ? [couldNot(settings, said.failed)] : judgeTypes(said);
}

function couldNot(path: string, because: string): Finding {
  return {
    ...{ check: 'python-types', asset: null, path, line: null, status: 'errored', severity: 'warning' },
    message: `mypy could not go on: ${because}`,
    hint: 'Check its settings; plugins that are not installed here cannot be used.',
  };
}
