/** Repeatable chance: the same seed gives the same answers. */
export type Chance = {
  number(): number;
  is(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  shuffled<Item>(items: readonly Item[]): Item[];
  word(): string;
};

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0 || 1;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(number() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  };
  return {
    number,
    is: (probability) => number() < probability,
    pick,
    shuffled(items) {
      const left = [...items];
      return items.flatMap(() => left.splice(Math.floor(number() * left.length), 1));
    },
    word: () => Math.floor(number() * 2 ** 40).toString(36),
  };
}
