import { didYouMean } from '../../base/did-you-mean.ts';
import { readYamlDocuments } from '../../base/yaml/yaml-document.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { type DbtTexts, lineAt, listOf, mapOf, withoutComments } from './dbt-project-texts.ts';

/** What can be referred to in a project, by its text alone. Null: some of it cannot be told. */
type Known = { models: Set<string>; sources: Set<string> | null };

const REF = /\bref\(\s*(["'])([^"'{}]+)\1\s*(?:,\s*(?:(["'])([^"'{}]+)\3|v(?:ersion)?\s*=\s*[^)]*))?\s*\)/g;
const SOURCE = /\bsource\(\s*(["'])([^"'{}]+)\1\s*,\s*(["'])([^"'{}]+)\3\s*\)/g;

/**
 * References to models and sources that are nowhere in the project, each with its line. Nothing is said of a project that
 * uses packages: what it refers to may be in one of them.
 */
export function judgeReferences(files: ProjectFiles, texts: DbtTexts): Finding[] {
  if (texts.hasPackages) return [];
  const known = knownIn(files, texts);
  return [...texts.sql, ...texts.python].flatMap((path) => {
    const text = withoutComments(files.text(path) ?? '');
    return [...missingModels(path, text, known.models), ...missingSources(path, text, known.sources)];
  });
}

function knownIn(files: ProjectFiles, texts: DbtTexts): Known {
  const models = new Set([...texts.sql, ...texts.python, ...texts.seeds].map(nameOf));
  for (const path of texts.sql) {
    for (const match of (files.text(path) ?? '').matchAll(/\{%-?\s*snapshot\s+(\w+)/g)) models.add(match[1] ?? '');
  }
  const sources = new Set<string>();
  let complete = true;
  for (const path of texts.yaml) {
    for (const { value, problems } of readYamlDocuments(files.text(path) ?? '')) {
      if (problems.length > 0) complete = false;
      addNamed(mapOf(value), models, sources);
    }
  }
  return { models, sources: complete ? sources : null };
}

function addNamed(yaml: { [key: string]: unknown }, models: Set<string>, sources: Set<string>): void {
  for (const kind of ['models', 'snapshots', 'seeds']) {
    for (const { name, versions } of listOf(yaml[kind])) {
      if (kind === 'snapshots' || versions !== undefined) models.add(String(name));
    }
  }
  for (const source of listOf(yaml.sources)) {
    for (const table of listOf(source.tables)) sources.add(`${String(source.name)}.${String(table.name)}`);
  }
}

function missingModels(path: string, text: string, models: Set<string>): Finding[] {
  return [...text.matchAll(REF)].flatMap((match) => {
    const [, , first = '', , second] = match;
    const name = second ?? first;
    if (models.has(name)) return [];
    const meant = didYouMean(name, [...models]);
    const hint = meant === null ? 'Add the model, or correct the name.' : `Did you mean \`${meant}\`?`;
    return [
      reference(
        path,
        lineAt(text, match.index),
        `This refers to the model \`${name}\`, which the project does not have.`,
        hint,
      ),
    ];
  });
}

function missingSources(path: string, text: string, sources: Set<string> | null): Finding[] {
  if (sources === null || sources.has('undefined.undefined')) return [];
  return [...text.matchAll(SOURCE)].flatMap((match) => {
    const name = `${match[2]}.${match[4]}`;
    if (sources.has(name)) return [];
    const meant = didYouMean(name, [...sources]);
    const hint =
      meant === null ? 'Declare it under `sources:` in a YAML file of the project.' : `Did you mean \`${meant}\`?`;
    return [
      reference(
        path,
        lineAt(text, match.index),
        `This refers to the source \`${name}\`, which no YAML file declares.`,
        hint,
      ),
    ];
  });
}

function reference(path: string, line: number, message: string, hint: string): Finding {
  return { check: 'dbt-parse', asset: null, path, line, status: 'failed', severity: 'error', message, hint };
}

/** A model's name is its file's; a version is not part of it. */
function nameOf(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(/\.(?:sql|py|csv)$/, '');
}
