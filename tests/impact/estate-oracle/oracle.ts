import { isDeepStrictEqual } from 'node:util';
import { type Effect, effects } from '../../../src/model/change.ts';
import { chanceOf } from '../sql/chance.ts';
import { type Estate, openEstate, type Texts } from './estate.ts';
import { changesOf } from './mutations.ts';
import { openPython, type Python } from './open-python.ts';

/** What was called safe and is not: `why` says what shows that. */
export type Wrong = { at: number; layer: string; path: string; key: string; said: string; why: string; edit: string };
type Layer = { asked: number; judged: number; refused: number; harmless: number; decided: number };
export type Tally = { seed: number; layers: { [layer: string]: Layer }; wrong: Wrong[]; undecided: string[] };

/** A change of one file: `harmless` where it says the same by what Python, YAML, JSON or the tokens of HCL say. */
type Planned = {
  at: number;
  layer: string;
  path: string;
  text: string;
  harmless: boolean;
  invalid: boolean;
  differing: string[];
};

const roots = { airflow: ['airflow/include', 'airflow/dags'], spark: (path: string) => [path.replace(/\/[^/]*$/, '')] };
const variables = {
  seed_rows: '0',
  alert_thresholds: '{"open_chargebacks": 50, "refund_minor": 1}',
  report_currencies: '["EUR"]',
};

/** Changes files of the example by chance and holds what impact says of the whole project against what the real readers say of them. */
export async function judgeEstate(seed: number, count: number): Promise<Tally> {
  const tally: Tally = { seed, layers: {}, wrong: [], undecided: [] };
  const estate = openEstate();
  const python = await openPython();
  try {
    const base = await readBase(estate.texts, python);
    for (let at = 0; at < count; at += 1) {
      const change = await plan(seed * 1_000_003 + at, at, { estate, python });
      if (change !== null) await judge(tally, change, { estate, python, base });
    }
  } finally {
    python.close();
    estate.remove();
  }
  return tally;
}

type Tools = { estate: Estate; python: Python };

async function plan(seed: number, at: number, { estate, python }: Tools): Promise<Planned | null> {
  const chance = chanceOf(seed);
  const kinds: [string, RegExp][] = [
    ['dags', /^airflow\/dags\/.*\.py$/],
    ['dags', /^airflow\/dags\/.*\.py$/],
    ['library', /^airflow\/include\/.*\.py$/],
    ['spark', /^spark\/jobs\/.*\.py$/],
    ['declared', /^(?:headgate\.yaml|environments\/.*|kafka\/topics\.yaml|contracts\/.*)$/],
    ['declared', /^(?:headgate\.yaml|environments\/.*|kafka\/topics\.yaml|contracts\/.*)$/],
    ['schemas', /\.avsc$/],
    ['terraform', /\.tf$/],
  ];
  const [layer, pattern] = chance.pick(kinds);
  const path = chance.pick(Object.keys(estate.texts).filter((one) => pattern.test(one)));
  const was = estate.texts[path] ?? '';
  if (path.endsWith('.py')) {
    const { text, kind } = await python.mutate(seed % 2 ** 31, was);
    return text === was
      ? null
      : { at, layer, path, text, harmless: kind === 'harmless', invalid: false, differing: ['code'] };
  }
  const text = chance.pick(Object.values(changesOf(path)))(was, chance);
  if (text === null || text === was) return null;
  const differing = await differingIn(path, [was, text], python);
  return {
    at,
    layer,
    path,
    text,
    harmless: differing?.length === 0,
    invalid: differing === null,
    differing: differing ?? [],
  };
}

/** Where the data of two texts differ; null where the second is not valid. */
async function differingIn(path: string, [was, is]: [string, string], python: Python): Promise<string[] | null> {
  if (/\.tf$/.test(path)) return hclTokens(was) === hclTokens(is) ? [] : ['tokens'];
  return (await python.yaml(was, is)).differing;
}

/** The tokens of HCL; the end of a line is one, empty lines, comments and descriptions are none. */
function hclTokens(whole: string): string {
  const text = whole.replaceAll(/^ *description +=.*$/gm, '');
  const tokens = /"(?:[^"\\]|\\.)*"|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\n|[ \t\r]+|[\w.-]+|./g;
  const kept = (text.match(tokens) ?? []).filter((token) => !/^(?:#|\/\/|\/\*|[ \t\r])/.test(token));
  return kept.join(' ').replaceAll(/(?:\n ?)+/g, '\n');
}

type Dags = Awaited<ReturnType<Python['dags']>>;
type Base = { files: string[]; dags: Dags };

async function readBase(texts: Texts, python: Python): Promise<Base> {
  const files = Object.keys(texts).filter((path) => /^airflow\/dags\/.*\.py$/.test(path));
  const dags = await python.dags(airflowTexts(texts), files, { roots: roots.airflow, variables });
  const refused = Object.entries(dags).flatMap(([path, found]) =>
    'error' in found ? [`${path}: ${String(found.error)}`] : [],
  );
  if (refused.length > 0) throw new Error(`Airflow refuses the example: ${refused.join('; ')}`);
  return { files, dags };
}

function airflowTexts(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([path]) => path.startsWith('airflow/')));
}

type Judging = Tools & { base: Base };
type Said = { effectOf(key: string): { effect: Effect; because: string }; loud: string | null };

async function judge(tally: Tally, change: Planned, judging: Judging): Promise<void> {
  const layer = tally.layers[change.layer] ?? { asked: 0, judged: 0, refused: 0, harmless: 0, decided: 0 };
  tally.layers[change.layer] = layer;
  layer.asked += 1;
  if (change.invalid) {
    layer.refused += 1;
    return;
  }
  const said = await whatIsSaid(change, judging.estate);
  if (said === null) {
    layer.refused += 1;
    return;
  }
  layer.judged += 1;
  const found = change.path.endsWith('.py') ? await codeDifferences(change, judging) : declaredDifferences(change);
  for (const { key, least, why } of found) {
    const { effect, because } = said.effectOf(key);
    if (effects.indexOf(effect) >= effects.indexOf(least)) continue;
    const edit = editOf(judging.estate.texts[change.path] ?? '', change.text);
    tally.wrong.push({
      ...{ at: change.at, layer: change.layer, path: change.path, key },
      said: `${effect} ${because}`,
      why,
      edit,
    });
  }
  if (!change.harmless || found.length > 0) return;
  layer.harmless += 1;
  if (said.loud === null) layer.decided += 1;
  else tally.undecided.push(`${change.layer} #${change.at} ${change.path}: ${said.loud}`);
}

/** Null: the project cannot be read any more, which is an answer too. */
async function whatIsSaid({ path, text }: Planned, estate: Estate): Promise<Said | null> {
  try {
    const { impact } = await estate.tell({ [path]: text });
    const all = [...impact.changed, ...impact.reached];
    const isOpen = impact.findings.some((finding) => finding.status === 'errored');
    const loud = all.find(({ effect }) => effect !== 'none');
    return {
      loud: loud === undefined ? (isOpen ? 'a finding' : null) : `${loud.key} ${loud.effect} ${loud.because}`,
      effectOf(key) {
        const own = all.filter((one) => key === '*' || one.key === key);
        const worst = own.sort((a, b) => effects.indexOf(b.effect) - effects.indexOf(a.effect))[0];
        return isOpen
          ? { effect: 'breaking', because: 'could not be told' }
          : (worst ?? { effect: 'none', because: 'nothing is said' });
      },
    };
  } catch {
    return null;
  }
}

type Difference = { key: string; least: Effect; why: string };

/** Words about a thing, who owns it, and how releases are carried to places: none of these is what an asset does. */
const quiet =
  /\/(?:description|owner|doc|purpose|usage|limitations|title|tags|comment|dataGranularityDescription)(?:\/|$)|^\/0\/(?:assets|secrets|targets|gates|promote|after)(?:\/|$)/;

/** Data that differ outside of descriptions mean something to some asset. */
function declaredDifferences({ differing, path }: Planned): Difference[] {
  const meant = differing.filter((one) => !quiet.test(`${one}/`));
  return meant.length === 0 ? [] : [{ key: '*', least: 'compatible', why: `${path} ${meant.join(' ')} differs` }];
}

async function codeDifferences(change: Planned, judging: Judging): Promise<Difference[]> {
  return change.layer === 'spark' ? sparkDifferences(change, judging) : dagDifferences(change, judging);
}

async function sparkDifferences({ path, text }: Planned, { estate, python }: Judging): Promise<Difference[]> {
  const job = path.split('/')[2] ?? '';
  const entry = `spark/jobs/${job}/${job}.py`;
  const why = await liveDifference(
    { ...estate.texts, [path]: text },
    { entry, roots: roots.spark(path), python, base: estate.texts },
  );
  return why === null ? [] : [{ key: `spark:job/${job}`, least: 'unknown', why }];
}

/** DAGs that Airflow serialises otherwise, and those of files whose code in use is another one. */
async function dagDifferences(
  { path, text, layer }: Planned,
  { estate, python, base }: Judging,
): Promise<Difference[]> {
  const texts = { ...estate.texts, [path]: text };
  const files = layer === 'library' ? base.files : [path];
  const now = await python.dags(airflowTexts(texts), files, { roots: roots.airflow, variables });
  const found: Difference[] = [];
  for (const file of files) {
    const [was = {}, is = {}] = [base.dags[file], now[file]];
    const why = await liveDifference(texts, { entry: file, roots: roots.airflow, python, base: estate.texts });
    for (const [dag, serialised] of Object.entries(was)) {
      const key = `airflow:dag/${dag}`;
      if ('error' in is) found.push({ key, least: 'unknown', why: `Airflow: ${String(is.error)}` });
      else if (!(dag in is)) found.push({ key, least: 'breaking', why: 'the DAG is gone' });
      else if (!isDeepStrictEqual(serialised, is[dag]))
        found.push({ key, least: 'unknown', why: 'serialised otherwise' });
      else if (why !== null) found.push({ key, least: 'unknown', why });
    }
  }
  return found;
}

type Living = { entry: string; roots: string[]; python: Python; base: Texts };

/** A definition in use that says something else. */
async function liveDifference(texts: Texts, { entry, roots: folders, python, base }: Living): Promise<string | null> {
  const own = (all: Texts) =>
    Object.fromEntries(Object.entries(all).filter(([path]) => path.endsWith('.py') && !path.includes('/tests/')));
  const [was, is] = [await python.live(own(base), entry, folders), await python.live(own(texts), entry, folders)];
  for (const path of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const names = new Set([...Object.keys(was[path] ?? {}), ...Object.keys(is[path] ?? {})]);
    for (const name of names) if (was[path]?.[name] !== is[path]?.[name]) return `${name} of ${path} is another one`;
  }
  return null;
}

/** The lines that differ. */
function editOf(was: string, is: string): string {
  const [before, after] = [was.split('\n'), is.split('\n')];
  const from = before.findIndex((line, at) => line !== after[at]);
  return `${before.slice(from, from + 2).join('⏎')} => ${after.slice(from, from + 2).join('⏎')}`;
}
