import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { childEnv } from '../child-env.ts';
import { fail, messageOf } from '../errors.ts';

const run = promisify(execFile);

const LIST =
  'import importlib.metadata as m, json; print(json.dumps({d.metadata["Name"]: d.version for d in m.distributions() if d.metadata["Name"]}))';

const Versions = z.record(z.string(), z.string());

/** The packages that a Python has, by name as they call themselves. Throws `python-not-asked` when it cannot be started. */
export async function installedPackages(python: string): Promise<{ [packageName: string]: string }> {
  try {
    const { stdout } = await run(python, ['-I', '-c', LIST], {
      env: childEnv([], {}),
      timeout: 60_000,
      maxBuffer: 8 * 1024 ** 2,
    });
    return Versions.parse(JSON.parse(stdout));
  } catch (error) {
    throw fail('python-not-asked', { python, because: messageOf(error).slice(0, 500) }, error);
  }
}
