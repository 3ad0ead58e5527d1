import type { DiscoverInput, Discovery } from '../contract.ts';
import { AirflowPart } from './config.ts';

export async function discover(input: DiscoverInput): Promise<Discovery> {
  AirflowPart.parse(input.part.settings);
  return { assets: [], edges: [], findings: [] };
}
