import { childEnv } from '../../base/child-env.ts';
import { oncePerAnswer } from '../../base/once-per-answer.ts';
import { runTool } from '../../base/run-tool.ts';
import { terraformTool } from './terraform-tool.ts';

/** What Terraform here calls itself; asked once an answer. Null when it cannot say, a text when there is none. */
export const toolIdentity = oncePerAnswer(ask);

async function ask(): Promise<string | null> {
  const program = terraformTool();
  if (program === null) return 'none';
  const env = childEnv([], { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' });
  const ended = await runTool({ argv: [program, 'version', '-json'], cwd: '/', env });
  return ended.status === 0 ? `${program} ${ended.out}` : null;
}
