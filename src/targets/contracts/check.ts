import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from '../../base/python/ensure-tool.ts';
import { sitePackages } from '../../base/python/site-packages.ts';
import { readYamlDocuments, type YamlReading } from '../../base/yaml/yaml-document.ts';
import { skipped, withoutTool } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { CheckInput, TargetCheck } from '../contract.ts';
import { ContractsPart } from './config.ts';
import { judgeContract } from './judge-contract.ts';

const valid: TargetCheck = {
  name: 'contract-valid',
  title: 'Every data contract is as its standard wants it',
  dependsOn: ['part-files', 'settings', 'runtime'],
  async run(input) {
    const contracts = contractsIn(input);
    if (contracts.length === 0)
      return [skipped('contract-valid', 'There is no contract of the Open Data Contract Standard.')];
    const standard = await ensureTool('odcs', input.exact);
    if ('absent' in standard) return [withoutTool('contract-valid', standard)];
    const validate = await validatorOf(join(sitePackages(standard), 'open_data_contract_standard', 'schema.json'));
    return contracts.flatMap(({ path, yaml }) => {
      // Versions 3 are upward compatible; version 2 had other fields.
      if (/^v?2\./.test(versionOf(yaml.value))) return [oldVersion(path)];
      return validate(yaml.value) ? [] : judgeContract(path, yaml, validate.errors ?? []);
    });
  },
};

function contractsIn({ files, part }: CheckInput): { path: string; yaml: YamlReading }[] {
  const folder = normalFolder(ContractsPart.parse(part.settings).path);
  return files.entries
    .filter(({ path }) => isInside(path, folder) && /\.(?:ya?ml|json)$/.test(path))
    .flatMap(({ path }) => readYamlDocuments(files.text(path) ?? '').map((yaml) => ({ path, yaml })))
    .filter(({ yaml }) => field(yaml.value, 'kind') === 'DataContract');
}

/** The standard's own schema, which its package carries. Loaded late: few runs need it. */
async function validatorOf(file: string) {
  const { Ajv2019 } = await import('ajv/dist/2019.js');
  const formats = await import('ajv-formats');
  const ajv = new Ajv2019({ allErrors: true, strict: false, logger: false });
  formats.default.default(ajv);
  const schema: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new Error(`${file} is no JSON Schema`);
  return ajv.compile(schema);
}

function versionOf(value: unknown): string {
  const version = field(value, 'apiVersion');
  return typeof version === 'string' ? version : '';
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function oldVersion(path: string): Finding {
  return skipped('contract-valid', 'This contract is of version 2 of the standard, which is not judged.', { path });
}

export const contractChecks: readonly TargetCheck[] = [valid];
