import { readFileSync, writeFileSync } from 'node:fs';
import { withRuleTable } from '../src/compatibility/rule-table.ts';

/** Writes the table of rules into docs/compatibility.md from the rules themselves. */
const file = new URL('../docs/compatibility.md', import.meta.url);
writeFileSync(file, withRuleTable(readFileSync(file, 'utf8')));
