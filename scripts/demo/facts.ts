import pc from 'picocolors';

/** One thing the demo saw happen: what, the detail that shows it, and how long it took in milliseconds. */
export type Fact = { what: string; detail: string; milliseconds: number };

/** Prints each fact as it is seen, keeps them for the table at the end, and stops the demo at the first that is not so. */
export type Facts = {
  see(what: string, act: () => Promise<string>): Promise<void>;
  /** The same for an act whose value is needed later. */
  hold<Value>(what: string, act: () => Promise<{ detail: string; value: Value }>): Promise<Value>;
  heading(text: string): void;
  table(): string[];
};

export function createFacts(print: (line: string) => void): Facts {
  const seen: Fact[] = [];
  async function hold<Value>(what: string, act: () => Promise<{ detail: string; value: Value }>): Promise<Value> {
    const started = performance.now();
    try {
      const { detail, value } = await act();
      const milliseconds = performance.now() - started;
      seen.push({ what, detail, milliseconds });
      print(`${pc.green('ok')}  ${seconds(milliseconds)}  ${what}${detail === '' ? '' : pc.dim(` - ${detail}`)}`);
      return value;
    } catch (error) {
      print(`${pc.red('NO')}  ${seconds(performance.now() - started)}  ${what}`);
      throw error;
    }
  }
  return {
    hold,
    async see(what, act) {
      await hold(what, async () => ({ detail: await act(), value: null }));
    },
    heading(text) {
      print(`\n${pc.bold(text)}`);
    },
    table() {
      const widest = Math.max(...seen.map(({ what }) => what.length));
      const total = seen.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      return [
        `${'fact'.padEnd(widest)}  seconds`,
        ...seen.map(({ what, milliseconds }) => `${what.padEnd(widest)}  ${seconds(milliseconds)}`),
        `${'all of it'.padEnd(widest)}  ${seconds(total)}`,
      ];
    },
  };
}

/** Throws unless `holds`; `otherwise` says what was seen instead. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(6)} s`;
}
