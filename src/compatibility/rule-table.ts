import { formats, type Rule } from './rule.ts';
import { rules } from './rules.ts';

/** A page with the table of rules brought up to date between its two marks. */
export function withRuleTable(page: string): string {
  return page.replace(
    /(<!-- rules -->\n)[\s\S]*(<!-- end of rules -->)/,
    (_, begin, end) => `${begin}${ruleTable()}\n${end}`,
  );
}

/** The table of rules as Markdown: one heading and one table a format. */
function ruleTable(): string {
  const parts = formats.map((format) => {
    const own = rules.filter((rule) => rule.format === format);
    const head = [
      '| rule | catches | why a reader breaks | backward: breaks by | forward: breaks by |',
      '|---|---|---|---|---|',
    ];
    return [`### ${format}`, '', ...head, ...own.map(rowOf)].join('\n');
  });
  return parts.join('\n\n');
}

function rowOf({ name, catches, because, backward, forward }: Rule): string {
  const cells = [`\`${name}\``, catches, because, backward ?? 'never', forward ?? 'never'];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The rules for a terminal: one line each under its format. */
export function ruleLines(): string[] {
  const width = Math.max(...rules.map((rule) => rule.name.length));
  return formats.flatMap((format) => [
    format,
    ...rules.filter((rule) => rule.format === format).map((rule) => `  ${rule.name.padEnd(width)}  ${rule.catches}`),
    '',
  ]);
}
