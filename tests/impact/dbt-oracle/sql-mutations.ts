import type { Chance } from '../sql/chance.ts';
import { harmlesslyChanged } from '../sql/harmless-changes.ts';
import { meaningChanged } from '../sql/meaning-changes.ts';

type Changer = (sql: string, chance: Chance) => { name: string; sql: string } | null;

const tag = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g;

/** Changes the SQL of a template as a text of SQL in which each piece of Jinja is a name. */
function behindNames(change: Changer): (template: string, chance: Chance) => string | null {
  return (template, chance) => {
    const tags: string[] = [];
    const masked = template.replaceAll(tag, (found) => `jinja_${tags.push(found) - 1}_`);
    const changed = change(masked, chance);
    return changed === null
      ? null
      : changed.sql.replaceAll(/jinja_(\d+)_/gi, (_, at: string) => tags[Number(at)] ?? '');
  };
}

export const harmlessSql = behindNames(harmlesslyChanged);
export const otherSql = behindNames(meaningChanged);
