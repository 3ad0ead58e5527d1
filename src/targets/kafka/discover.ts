import type { DiscoverInput, Discovery } from '../contract.ts';
import { KafkaPart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  KafkaPart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
