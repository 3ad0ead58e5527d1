import type { DiscoverInput, Discovery } from '../contract.ts';
import { DbtPart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  DbtPart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
