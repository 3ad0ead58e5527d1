import type { DiscoverInput, Discovery } from '../contract.ts';
import { ContractsPart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  ContractsPart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
