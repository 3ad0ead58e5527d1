import { normalFolder } from '../../model/path-schema.ts';
import type { DiscoverInput } from '../contract.ts';
import { OpenLineagePart } from './config.ts';

/** All that a part has lies in its folder. */
export function inputFolders({ part }: DiscoverInput): string[] {
  return [normalFolder(OpenLineagePart.parse(part.settings).path)];
}
