/** Folders that paths lead through on their way to something else; they count where a path ends with them. */
const through = /^(dags|airflow|opt|usr|local|home)$/;
/** What looks like a path, pieces that are filled in included. */
const PATH = /[\w.${}%*()@+~-]*(?:\/[\w.${}%*()@+~-]*)+/g;

const most = 20_000;
const kept = new Map<string, readonly string[][]>();

/** The paths in a text, step by step. */
function pathsIn(source: string): readonly string[][] {
  const known = kept.get(source);
  if (known !== undefined) return known;
  const found = (source.match(PATH) ?? []).map((path) => path.split('/'));
  if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
  kept.set(source, found);
  return found;
}

/** Whether code spells a path that may go on to this one: from a step that both have, as far as it says where it goes. */
export function leadsTo(path: string, source: string): boolean {
  const steps = path.split('/');
  const name = steps.at(-1) ?? '';
  const stem = name.replace(/(.)\.[^.]*$/, '$1');
  return pathsIn(source).some((spelled) =>
    spelled.some((step, at) =>
      steps.some((own, place) => {
        const isLast = place === steps.length - 1;
        const met = isLast ? step === stem && step.length > 2 : step === own && step.length > 2;
        if (!met) return false;
        const rest = spelled.slice(at + 1);
        if (through.test(step) && rest.some((next) => next !== '')) return false;
        return goesOn(rest, steps.slice(place + 1));
      }),
    ),
  );
}

function goesOn(spelled: readonly string[], steps: readonly string[]): boolean {
  for (const [at, step] of spelled.entries()) {
    if (step === '' || /[${}%*()]/.test(step)) return true;
    const own = steps[at];
    if (own === undefined) return false;
    // The last step that is spelled may be the beginning of a longer one.
    if (at === spelled.length - 1) return own.startsWith(step);
    if (own !== step) return false;
  }
  return true;
}
