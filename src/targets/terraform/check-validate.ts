import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { childEnv } from '../../base/child-env.ts';
import { runTool } from '../../base/run-tool.ts';
import { errored, notTold, skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { joinPath } from '../../model/join-path.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { CheckInput, TargetCheck } from '../contract.ts';
import { TerraformPart } from './config.ts';
import { HOW_TO_INSTALL, terraformTool } from './terraform-tool.ts';

const Answer = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.enum(['error', 'warning']),
      summary: z.string(),
      detail: z.string().default(''),
      range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).optional(),
    }),
  ),
});
type Answer = z.infer<typeof Answer>;

/** Where Terraform finds providers and modules that are on this machine, or how it gets to them. */
const SETTINGS = ['TF_CLI_CONFIG_FILE', 'TF_PLUGIN_CACHE_DIR', 'TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE'];
/** What is left of a stack's own files when it is copied. */
const READ = /\.(?:tf|tf\.json|tfvars|hcl|json|ya?ml|tpl|tftpl|sh|sql|py|txt)$|\.terraform\.lock\.hcl$/;

export const validate: TargetCheck = {
  name: 'terraform-validate',
  title: 'Terraform finds the stack valid with its providers and modules',
  dependsOn: ['project-files', 'settings', 'network'],
  slow: true,
  budgetSeconds: 900,
  weight: { cores: 1, memoryMb: 700 },
  async run(input) {
    const program = terraformTool();
    if (input.exact === 'never') return [notTold('terraform-validate', 'only the text was to be read')];
    if (program === null)
      return [notTold('terraform-validate', 'there is no Terraform on this machine', HOW_TO_INSTALL)];
    const scratch = await mkdtemp(join(tmpdir(), 'headgate-terraform-'));
    try {
      return await validateCopy(input, { program, scratch });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

/** In a copy, so that nothing is put into the project; the state and its backend are not touched. */
async function validateCopy(input: CheckInput, at: { program: string; scratch: string }): Promise<Finding[]> {
  const folder = normalFolder(TerraformPart.parse(input.part.settings).path);
  for (const { path } of input.files.entries.filter((entry) => READ.test(entry.path))) {
    await mkdir(dirname(join(at.scratch, path)), { recursive: true });
    await copyFile(join(input.root, path), join(at.scratch, path));
  }
  const given = SETTINGS.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const env = childEnv([], {
    ...Object.fromEntries(given),
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
  });
  const run = (...args: string[]) =>
    runTool({
      argv: [at.program, ...args, '-no-color'],
      cwd: join(at.scratch, folder),
      env,
      signal: input.control?.signal,
    });
  const begun = await run('init', '-backend=false', '-input=false');
  const ended = await run('validate', '-json');
  return judgeValidate(folder, { answer: ended.out, begun: begun.status === 0 ? null : begun.err });
}

/** `begun` is what `init` said when it failed: without providers and modules only some of a stack can be judged. */
export function judgeValidate(folder: string, said: { answer: string; begun: string | null }): Finding[] {
  const answer = readAnswer(said.answer);
  if (answer === null) {
    const why = reasonIn(said.begun ?? said.answer) || 'it ended without an answer';
    return [
      errored('terraform-validate', { severity: 'warning', message: `Terraform could not begin: ${why}`, hint: null }),
    ];
  }
  const isUntold = (one: Answer['diagnostics'][number]) =>
    said.begun !== null && /provider|plugin|module not installed|required plugins/i.test(one.summary);
  const found = answer.diagnostics
    .filter((one) => !isUntold(one))
    .map(({ severity, summary, detail, range }): Finding => {
      const path = range === undefined ? folder : joinPath(folder, range.filename);
      const message = `${summary}${detail === '' ? '' : `: ${detail.split('\n')[0]}`}`;
      const place = { check: 'terraform-validate', asset: null, path, line: range?.start.line ?? null } as const;
      return { ...place, status: 'failed', severity, message, hint: 'Correct it; a plan would end with the same.' };
    });
  if (!answer.diagnostics.some(isUntold)) return found;
  const because = `What needs its providers or modules could not be told, because they could not be had: ${reasonIn(said.begun ?? '')}`;
  return [
    ...found,
    skipped('terraform-validate', because, {
      hint: 'Let TF_PLUGIN_CACHE_DIR or a provider mirror have them, or run the check where the registry can be reached.',
    }),
  ];
}

function readAnswer(text: string): Answer | null {
  try {
    return Answer.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The first error of Terraform with its explanation, without frames. */
function reasonIn(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^[│╷╵\s]+/, '').trim());
  const start = lines.findIndex((line) => line.startsWith('Error:'));
  const said = lines
    .slice(Math.max(0, start))
    .filter((line) => line !== '')
    .slice(0, 4)
    .join(' ');
  return said.replace(/^Error: /, '').slice(0, 300);
}
