import { type Formula, kinds, numeric } from './formula.ts';

/** What a reader asks for, as one sentence. */
export function messageFor(formula: Formula): string {
  switch (formula.k) {
    case 'kind':
      return formula.mask === 0
        ? 'The reader takes nothing here.'
        : `The reader takes ${kindNames(formula.mask)} only.`;
    case 'values':
      return `The reader takes ${formula.values
        .slice(0, 5)
        .map((value) => JSON.stringify(value))
        .join(', ')}${formula.values.length > 5 ? ', …' : ''} only.`;
    case 'minimum':
      return `The reader asks for ${formula.exclusive ? 'more than' : 'at least'} ${formula.bound}.`;
    case 'maximum':
      return `The reader asks for ${formula.exclusive ? 'less than' : 'at most'} ${formula.bound}.`;
    case 'multiple':
      return `The reader asks for multiples of ${formula.of}.`;
    case 'pattern':
      return `The reader asks for the pattern ${formula.pattern}.`;
    case 'notPattern':
      return `The reader excludes the pattern ${formula.pattern}.`;
    case 'format':
      return `The reader asks for the format ${formula.format}.`;
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return `The reader asks for ${formula.k} ${formula.count}.`;
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return `The reader allows ${formula.k} ${formula.count}.`;
    case 'unique':
      return 'The reader wants all items to differ.';
    case 'contains':
      return `The reader wants ${formula.least} or more items that match its contains${formula.most < Infinity ? `, and no more than ${formula.most}` : ''}.`;
    case 'required':
      return `The reader requires ${formula.name}.`;
    case 'property':
      return `The reader has a schema for ${formula.name}.`;
    case 'patternProperty':
      return `The reader has a schema for properties that match ${formula.pattern}.`;
    case 'additional':
      return `The reader limits properties other than ${formula.names.join(', ') || 'none'}.`;
    case 'names':
      return 'The reader limits the names of properties.';
    case 'item':
      return `The reader has a schema for item ${formula.index}.`;
    case 'rest':
      return formula.from === 0
        ? 'The reader has a schema for items.'
        : `The reader limits items from ${formula.from} on.`;
    case 'rejected':
      return 'The reader excludes what its `not` describes.';
    case 'exactlyOne':
      return `The reader wants exactly one of ${formula.nodes.length} alternatives.`;
    case 'some':
      return `The reader wants one of ${formula.of.length} alternatives.`;
    case 'opaque':
      return `The reader has \`${formula.keyword}\` whose effect depends on the value.`;
    default:
      return 'The reader asks for more here.';
  }
}

function kindNames(mask: number): string {
  const names = Object.entries(kinds).flatMap(([name, bit]) => ((mask & bit) !== 0 ? [name] : []));
  if ((mask & numeric) !== numeric) return names.join(', ');
  return names
    .filter((name) => name !== 'fraction')
    .map((name) => (name === 'integer' ? 'number' : name))
    .join(', ');
}
