import { didYouMean } from '../../base/did-you-mean.ts';
import { readYamlDocuments } from '../../base/yaml/yaml-document.ts';
import type { Finding } from '../../model/finding.ts';
import { joinPath } from '../../model/join-path.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { DbtPart } from './config.ts';
import { type DbtTexts, lineAt, mapOf, withoutComments } from './dbt-project-texts.ts';

const VAR = /(?<![\w.])var\(\s*(["'])([\w.-]+)\1\s*\)/g;
const ENV_VAR = /\benv_var\(\s*(["'])(\w+)\1\s*\)/g;

/** `var()` and `env_var()` without a default whose name nobody gives: the part's `vars:` and `env:`, or dbt_project.yml. */
export function judgeDbtValues(files: ProjectFiles, texts: DbtTexts, part: DbtPart): Finding[] {
  const vars = [...Object.keys(part.vars ?? {}), ...varsOfProject(files, texts.folder)];
  const env = Object.keys(part.env ?? {});
  const own = ['dbt_project.yml', 'profiles.yml'].map((name) => joinPath(texts.folder, name));
  return [...texts.sql, ...texts.python, ...texts.yaml, ...own].flatMap((path) => {
    const text = withoutComments(files.text(path) ?? '');
    return [
      ...undeclared({ path, text, pattern: VAR, known: vars, word: 'var', list: 'vars' }),
      ...undeclared({ path, text, pattern: ENV_VAR, known: env, word: 'env_var', list: 'env' }),
    ];
  });
}

function undeclared(at: {
  path: string;
  text: string;
  pattern: RegExp;
  known: readonly string[];
  word: string;
  list: string;
}): Finding[] {
  return [...at.text.matchAll(at.pattern)].flatMap((match) => {
    const name = match[2] ?? '';
    // dbt itself sets what begins so.
    if (at.known.includes(name) || name.startsWith('DBT_')) return [];
    const meant = didYouMean(name, at.known);
    return [
      {
        ...{
          check: 'environment-values',
          asset: null,
          path: at.path,
          status: 'failed' as const,
          severity: 'error' as const,
        },
        line: lineAt(at.text, match.index),
        message: `${at.word}('${name}') has no default, and nobody gives \`${name}\`.`,
        hint:
          meant === null
            ? `Add ${name} under \`${at.list}:\` of the part in headgate.yaml, or give it a default.`
            : `Did you mean \`${meant}\`?`,
      },
    ];
  });
}

/** The names under `vars:` of dbt_project.yml, on the top and under a package's name. */
function varsOfProject(files: ProjectFiles, folder: string): string[] {
  const project = mapOf(readYamlDocuments(files.text(joinPath(folder, 'dbt_project.yml')) ?? '')[0]?.value);
  const vars = mapOf(project.vars);
  return [...Object.keys(vars), ...Object.values(vars).flatMap((inside) => Object.keys(mapOf(inside)))];
}
