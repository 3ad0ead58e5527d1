import type { AssetChange } from '../../../model/change.ts';
import { assetKey } from '../../../model/identifiers.ts';
import { sumUp } from '../../../model/sum-up.ts';
import type { CompareInput } from '../../contract.ts';
import { readStack } from './read-stack.ts';
import { stackRemarks } from './stack-remarks.ts';

/** A stack by what its blocks, variables and modules say. Only a plan tells what Terraform will do; text tells what it cannot but do. */
export async function compare({ base, head }: CompareInput): Promise<AssetChange[]> {
  if (base === null || head === null || base.part.name !== head.part.name) return [];
  const remarks = stackRemarks(readStack(base), readStack(head));
  return [
    sumUp(
      assetKey('terraform:stack', head.part.name),
      remarks,
      'Only formatting, comments or the order of blocks differ.',
    ),
  ];
}
