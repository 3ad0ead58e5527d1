import type { Concrete } from './concrete-tree.ts';

/**
 * Docstrings are never written. `keeps`: whether an item of a list
 * (its parent is the call for the arguments of one) is to be written. `omits`: whether an annotation, or a statement that is a note, is left out.
 */
export type FormRules = {
  keeps(child: Concrete, parent: Concrete): boolean;
  omits(node: Concrete): boolean;
};
