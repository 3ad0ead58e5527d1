import { join } from 'node:path';
import { z } from 'zod';
import { childEnv } from '../child-env.ts';
import { messageOf } from '../errors.ts';
import { runTool, whyNothing } from '../run-tool.ts';
import { withScratch } from '../scratch-folder.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { type Runtime, runtimeEnv } from './runtime.ts';

const Failed = z.object({
  check_id: z.string(),
  check_name: z.string(),
  /** Relative to the scanned folder, with a slash in front. */
  file_path: z.string(),
  file_line_range: z.tuple([z.number(), z.number()]),
  resource: z.string(),
});
export type ScanProblem = z.infer<typeof Failed>;

const Report = z.object({ results: z.object({ failed_checks: z.array(Failed) }) });
/** What it says when a folder has nothing for it. */
const Nothing = z.object({ failed: z.number(), passed: z.number() });

/** What checkov finds in the Terraform of a folder (absolute), without network; its settings in the folder count. Or why it could not look. */
export async function runCheckov(order: {
  checkov: Runtime;
  folder: string;
  signal: AbortSignal | undefined;
}): Promise<ScanProblem[] | { failed: string }> {
  const { checkov, folder, signal } = order;
  return withScratch('checkov', async (scratch) => {
    try {
      const env = childEnv([], {
        ...runtimeEnv(checkov),
        ...{ HOME: scratch, TMPDIR: scratch, PYTHONPATH: join(bridgeFolder, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
        LOG_LEVEL: 'ERROR',
      });
      const argv = [
        ...[checkov.python, '-m', 'headgate_bridge.confined', scratch, 'checkov.main', '--directory', folder],
        ...['--framework', 'terraform', '--output', 'json', '--quiet', '--compact', '--soft-fail', '--skip-download'],
        ...['--download-external-modules', 'false'],
      ];
      const ended = await runTool({ argv, cwd: folder, env, signal });
      if (ended.status !== 0) return { failed: whyNothing(ended) };
      if (ended.out.trim() === '') return { failed: 'it ended without an answer' };
      const said: unknown = JSON.parse(ended.out);
      return Nothing.safeParse(said).success ? [] : Report.parse(said).results.failed_checks;
    } catch (error) {
      return { failed: messageOf(error).slice(0, 300) };
    }
  });
}
