import { readYamlDocuments, type YamlReading } from '../../base/yaml/yaml-document.ts';
import type { Asset, Edge } from '../../model/asset.ts';
import type { Finding } from '../../model/finding.ts';
import { type AssetKey, assetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { mention } from '../../model/mention.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { ContractsPart } from './config.ts';
import { contractIn, type FoundContract } from './contract-files.ts';

/** The data contracts (Open Data Contract Standard, and the older Data Contract Specification) of a folder. */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const folder = normalFolder(ContractsPart.parse(input.part.settings).path);
  const part = partKey('contracts', input.part.name);
  const found: Discovery = { assets: [], edges: [], findings: [] };
  for (const { path } of input.files.entries) {
    if (!isInside(path, folder) || !/\.(ya?ml|json)$/.test(path)) continue;
    for (const yaml of readYamlDocuments(input.files.text(path) ?? '')) addContract(found, { part, path, yaml });
  }
  return found;
}

function addContract(found: Discovery, file: { part: PartKey; path: string; yaml: YamlReading }): void {
  const { part, path, yaml } = file;
  const contract = contractIn(yaml.value);
  const problems =
    contract === null
      ? yaml.problems
      : [...yaml.problems, ...contract.problems.map((message) => ({ line: 1, message }))];
  found.findings.push(...problems.map((problem) => broken(path, problem)));
  if (contract === null) return;
  const key = assetKey('contract', contract.id);
  found.assets.push(assetOf(contract, { key, part, path }));
  for (const described of contract.describes) {
    found.assets.push(mention(described));
    found.edges.push({ from: key, to: described, kind: 'describes' } satisfies Edge);
  }
}

function assetOf(contract: FoundContract, place: { key: AssetKey; part: PartKey; path: string }): Asset {
  const { name, owner, facts } = contract;
  return {
    ...place,
    kind: 'contract',
    name,
    line: 1,
    owner,
    serviceLevel: null,
    sensitivity: [],
    exactness: 'static',
    facts,
  };
}

function broken(path: string, problem: { line: number | null; message: string }): Finding {
  return {
    check: 'contract-file',
    asset: null,
    path,
    line: problem.line,
    status: 'failed',
    severity: 'error',
    message: `This contract could not be read: ${problem.message}`,
    hint: 'Put it right; the other contracts were read.',
  };
}
