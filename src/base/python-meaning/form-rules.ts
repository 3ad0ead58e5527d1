import type { Concrete } from './concrete-tree.ts';

/**
 * `documents`: whether the docstring of this definition is something that the code may read. `keeps`: whether an item of a list
 * (its parent is the call for the arguments of one) is to be written. `omits`: whether an annotation is left out.
 */
export type FormRules = {
  documents(definition: Concrete): boolean;
  keeps(child: Concrete, parent: Concrete): boolean;
  omits(annotation: Concrete): boolean;
};
