import type { StepOf } from '../../model/step.ts';
import type { Direction, Mark, Outcome } from '../contract.ts';
import { done } from './outcomes.ts';
import type { AirflowPlace } from './place.ts';
import { HOME_FOLDER } from './unit-facts.ts';

const IGNORE_FILE = '.airflowignore';
/** Right in both of Airflow's syntaxes, regexp and glob. */
const IGNORE_LINE = `${HOME_FOLDER}/`;

/** Brings the part beside what is live, where the scheduler does not look. */
export async function applyUpload(
  airflow: AirflowPlace,
  { part, blob, bundle }: StepOf<'upload'>,
  { direction, mark }: { direction: Direction; mark: Mark },
): Promise<Outcome> {
  if (direction === 'undo') return done('files beside what is live were left');
  const { home, world } = airflow;
  await ignoreHome(airflow, mark);
  const content = await world.bundles.content(bundle);
  await home.writeBundle({ bundle, environment: world.environment, content, mark });
  const { files } = await world.bundles.part(bundle, part);
  const unpack = (folder: string) => world.bundles.unpack(blob, folder);
  const { uploaded } = await home.uploadPart({ part, digest: blob, files, mark, unpack });
  return done(uploaded ? `${files} files` : 'the same files were there already');
}

/** Adds one line to what Airflow ignores; lines of others stay. */
async function ignoreHome({ home, files }: AirflowPlace, mark: Mark): Promise<void> {
  await home.guarded(mark, IGNORE_FILE, async () => {
    const found = await files.read(IGNORE_FILE);
    const text = found === null ? '' : Buffer.from(found.bytes).toString('utf8');
    if (text.split(/\r?\n/).includes(IGNORE_LINE)) return;
    const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    await files.write(IGNORE_FILE, Buffer.from(`${whole}${IGNORE_LINE}\n`), found ?? 'absent');
  });
}
