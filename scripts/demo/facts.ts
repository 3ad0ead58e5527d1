import pc from 'picocolors';

/** One thing the demo saw happen: what, the detail that shows it, and how long it took in milliseconds. */
export type Fact = { what: string; detail: string; milliseconds: number };

/** Prints each fact as it is seen, keeps them for the table at the end, and stops the demo at the first that is not so. */
export type Facts = {
  see(what: string, act: () => Promise<string>): Promise<void>;
  heading(text: string): void;
  table(): string[];
};

export function createFacts(print: (line: string) => void): Facts {
  const seen: Fact[] = [];
  return {
    async see(what, act) {
      const started = performance.now();
      try {
        const detail = await act();
        const milliseconds = performance.now() - started;
        seen.push({ what, detail, milliseconds });
        print(`${pc.green('ok')}  ${seconds(milliseconds)}  ${what}${detail === '' ? '' : pc.dim(` - ${detail}`)}`);
      } catch (error) {
        print(`${pc.red('NO')}  ${seconds(performance.now() - started)}  ${what}`);
        throw error;
      }
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
