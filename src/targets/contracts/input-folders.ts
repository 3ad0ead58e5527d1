import { normalFolder } from '../../model/path-schema.ts';
import type { DiscoverInput } from '../contract.ts';
import { ContractsPart } from './config.ts';

/** All that a part has lies in its folder. */
export function inputFolders({ part }: DiscoverInput): string[] {
  return [normalFolder(ContractsPart.parse(part.settings).path)];
}
