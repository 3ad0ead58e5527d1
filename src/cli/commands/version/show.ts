import { readFileSync } from 'node:fs';
import type { Command } from '../../command.ts';

/** `headgate version` */
export const version: Command = {
  words: ['version'],
  summary: 'Print the versions of Headgate and of what it runs on',
  arguments: [],
  options: [],
  async run({ print }) {
    const versions = {
      headgate: headgateVersion(),
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    };
    print.result(versions, () => Object.entries(versions).map(([name, value]) => `${name.padEnd(9)} ${value}`));
    return 0;
  },
};

/** The version in Headgate's own package.json. */
export function headgateVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
  return parsed !== null && typeof parsed === 'object' && 'version' in parsed ? String(parsed.version) : 'unknown';
}
