import type { DiscoverInput, Discovery } from '../contract.ts';
import { SnowflakePart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  SnowflakePart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
