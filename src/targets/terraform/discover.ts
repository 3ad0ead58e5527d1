import type { DiscoverInput, Discovery } from '../contract.ts';
import { TerraformPart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  TerraformPart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
