import type { AssetChange } from '../../../model/change.ts';
import { assetKey } from '../../../model/identifiers.ts';
import { sumUp } from '../../../model/sum-up.ts';
import type { CompareInput } from '../../contract.ts';
import { resourceKey } from '../resource-assets.ts';
import { readStack } from './read-stack.ts';
import { stackRemarks } from './stack-remarks.ts';

/**
 * A stack by what its blocks, variables and modules say. Only a plan tells what Terraform will do; text tells what it cannot but do. Its resources
 * likewise; those that are new or gone are told by whoever knows all assets.
 */
export async function compare({ base, head }: CompareInput): Promise<AssetChange[]> {
  if (base === null || head === null || base.part.name !== head.part.name) return [];
  const { name } = head.part;
  const remarks = stackRemarks(readStack(base), readStack(head));
  const addresses = new Set(remarks.flatMap(({ address }) => address ?? []));
  return [
    sumUp(assetKey('terraform:stack', name), remarks, 'Only formatting, comments or the order of blocks differ.'),
    ...[...addresses].map((address) =>
      sumUp(
        resourceKey(name, address),
        remarks.filter((one) => one.address === address),
        'Only formatting differs.',
      ),
    ),
  ];
}
