import { partKey } from '../../model/identifiers.ts';
import type { LayoutInput, PartLayout } from '../contract.ts';
import { wholePartLayout } from '../release-home/whole-part-layout.ts';
import { SparkPart } from './config.ts';

/** A Spark job is delivered whole: its folder is one blob and one unit. */
export function layout(input: LayoutInput): PartLayout {
  const { path, main } = SparkPart.parse(input.part.settings);
  return wholePartLayout({ ...input, key: partKey('spark', input.part.name), folder: path, facts: { main } });
}
