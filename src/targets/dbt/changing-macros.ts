/** What Jinja can ask for that is another thing the next time: the time, chance, the run's own name. */
const CHANGING =
  /\b(?:run_started_at|invocation_id|invocation_args_dict|modules\s*\.\s*(?:datetime|pytz)|random|shuffle|now|today|utcnow|thread_id)\b/;
const MACRO =
  /\{%-?\s*(?:macro|test|data_test|materialization)\s+(\w+)[\s\S]*?(?=\{%-?\s*(?:macro|test|data_test|materialization)\s|$)/g;

/**
 * Whether what dbt makes of a project could be something else the next time with the same files. `own` are the texts of the
 * project, `ofPackages` those of the packages in it: a macro of a package counts where the project, or one that does, names it.
 */
export function isChanging(own: readonly string[], ofPackages: readonly string[]): boolean {
  if (own.some((text) => CHANGING.test(withoutComments(text)))) return true;
  const macros = ofPackages.flatMap((text) =>
    [...withoutComments(text).matchAll(MACRO)].map(([body, name = '']) => ({ name: baseName(name), body })),
  );
  const changing = new Set(macros.filter(({ body }) => CHANGING.test(body)).map(({ name }) => name));
  if (changing.size === 0) return false;
  for (let before = 0; before !== changing.size; ) {
    before = changing.size;
    for (const { name, body } of macros) if (!changing.has(name) && names(body, changing)) changing.add(name);
  }
  return own.some((text) => names(text, changing));
}

/** `default__x` and `postgres__x` are how `x` is carried out. */
function baseName(name: string): string {
  return name.replace(/^[a-z]+__/, '');
}

function names(text: string, wanted: ReadonlySet<string>): boolean {
  return (text.match(/\w+/g) ?? []).some((word) => wanted.has(word) || wanted.has(baseName(word)));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\{#[\s\S]*?#\}/g, '').replaceAll(/--[^\n]*/g, '');
}
