import { isFailure, messageOf } from '../../base/errors.ts';
import { readYamlDocuments } from '../../base/yaml/yaml-document.ts';
import type { Finding } from '../../model/finding.ts';
import { joinPath } from '../../model/join-path.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import { folderOf } from '../../model/proposals.ts';
import type { CheckInput, TargetCheck } from '../contract.ts';
import { KafkaPart } from './config.ts';
import { namedSchemas, schemaOf, topicsIn } from './kafka-files.ts';
import { neededSchemas } from './needed-schemas.ts';

type Source = { name: string; text: string };

const schemasValid: TargetCheck = {
  name: 'schema-valid',
  title: 'Every schema is valid, and each schema that a topic names is there',
  dependsOn: ['part-files', 'settings'],
  async run(input) {
    const folder = normalFolder(KafkaPart.parse(input.part.settings).path);
    const paths = input.files.entries.map(({ path }) => path).filter((path) => isInside(path, folder));
    const sources = paths
      .filter((path) => schemaOf(path, () => null) !== null)
      .map((path) => ({ name: path, text: input.files.text(path) ?? '' }));
    const found: Finding[] = [];
    const needed = neededSchemas(sources.filter(({ name }) => name.endsWith('.avsc')));
    for (const source of sources)
      found.push(...(await judgeSchema(source, source.name.endsWith('.avsc') ? needed(source) : sources)));
    return [...found, ...missingSchemas(input, folder, paths)];
  },
};

/** What the format's own library says of a schema; names of other files are found among `all`. */
async function judgeSchema(source: Source, all: readonly Source[]): Promise<Finding[]> {
  const ending = /\.(?:avsc|proto|schema\.json)$/.exec(source.name)?.[0] ?? '';
  const others = all.filter(({ name }) => name !== source.name && name.endsWith(ending));
  try {
    if (ending === '.avsc') (await import('../../compatibility/avro/read-avro.ts')).readAvro(source, others);
    else if (ending === '.proto')
      (await import('../../compatibility/protobuf/read-protobuf.ts')).readProtobuf(source, others);
    else await readJsonSchema(source.text);
    return [];
  } catch (error) {
    const isMissing = isFailure(error, 'schema-reference-missing');
    if (
      !isMissing &&
      !isFailure(error, 'schema-invalid') &&
      !(error instanceof SyntaxError) &&
      !(error instanceof NotASchema)
    )
      throw error;
    return [wrong(source.name, lineIn(messageOf(error)), plain(messageOf(error)), isMissing)];
  }
}

class NotASchema extends Error {}

async function readJsonSchema(text: string): Promise<void> {
  const schema: unknown = JSON.parse(text);
  if (typeof schema === 'boolean') return;
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) throw new NotASchema('it is no object');
  const draft = '$schema' in schema ? String(schema.$schema) : '';
  const { Ajv } = await import('ajv');
  const { Ajv2019 } = await import('ajv/dist/2019.js');
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const settings = { strict: false, validateSchema: true, logger: false } as const;
  const ajv = draft.includes('2020-12')
    ? new Ajv2020(settings)
    : draft.includes('2019-09')
      ? new Ajv2019(settings)
      : new Ajv(settings);
  // Drafts 3 and 4 have no metaschema here; 6 differs from 7 in nothing that is wrong in one of them only.
  if (/draft-0[34]/.test(draft)) return;
  const judged = draft.includes('draft-06') ? { ...schema, $schema: undefined } : schema;
  if (ajv.validateSchema(judged) !== true) throw new NotASchema(ajv.errorsText(ajv.errors, { dataVar: 'the schema' }));
}

/** `schemas: {value: file}` of a topic: relative to the part's folder, or to the file that says it. */
function missingSchemas({ files }: CheckInput, folder: string, paths: readonly string[]): Finding[] {
  const there = new Set(paths);
  return paths
    .filter((path) => /\.ya?ml$/.test(path))
    .flatMap((path) =>
      readYamlDocuments(files.text(path) ?? '').flatMap((yaml) =>
        topicsIn(yaml.value).flatMap(({ name, at, said }) =>
          namedSchemas(said.schemas)
            .filter(({ file }) => !there.has(joinPath(folder, file)) && !there.has(joinPath(folderOf(path), file)))
            .map(
              ({ role, file }): Finding => ({
                ...{
                  check: 'schema-valid',
                  asset: null,
                  path,
                  line: yaml.lineOf([...at, 'schemas', role]),
                  status: 'failed',
                  severity: 'error',
                },
                message: `The topic \`${name}\` names the schema ${file}, which is not there.`,
                hint: 'Add the file, or correct its name.',
              }),
            ),
        ),
      ),
    );
}

function wrong(path: string, line: number | null, message: string, isMissing: boolean): Finding {
  return {
    ...{ check: 'schema-valid', asset: null, path, line, status: 'failed', severity: 'error' },
    message: isMissing
      ? `This schema needs another that is not there: ${message}`
      : `This is no valid schema: ${message}`,
    hint: isMissing ? 'Put it into a folder of the part.' : 'Correct it; no registry would take it.',
  };
}

function lineIn(message: string): number | null {
  const line = /^[^\s]*:(\d+) is no valid/.exec(message)?.[1] ?? /\bline (\d+)/.exec(message)?.[1];
  return line === undefined ? null : Number(line);
}

function plain(message: string): string {
  const flat = message
    .replaceAll(/\s+/g, ' ')
    .replace(/^\S+ is no valid [\w -]+? schema: /, '')
    .trim();
  return flat.length > 400 ? `${flat.slice(0, 397)}...` : flat;
}

export const kafkaChecks: readonly TargetCheck[] = [schemasValid];
