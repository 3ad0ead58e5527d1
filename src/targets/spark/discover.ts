import type { DiscoverInput, Discovery } from '../contract.ts';
import { SparkPart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  SparkPart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
