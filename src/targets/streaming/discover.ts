import type { DiscoverInput, Discovery } from '../contract.ts';
import { StreamingPart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  StreamingPart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
