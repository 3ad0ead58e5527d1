import { didYouMean } from '../../base/did-you-mean.ts';
import type { Asset } from '../../model/asset.ts';
import type { Finding } from '../../model/finding.ts';
import type { AssetRule, Project } from '../project/project.ts';

/**
 * Puts owners, service levels and sensitivity of headgate.yaml on the assets. The most specific pattern that says
 * something wins over others, and over what the code says; the project's owner stands in where nobody is named.
 */
export function applyRules(assets: readonly Asset[], project: Project): { assets: Asset[]; findings: Finding[] } {
  const rules = project.assetRules.map((rule) => ({ rule, matches: matcherOf(rule.pattern) }));
  rules.sort((a, b) => specificity(a.rule) - specificity(b.rule) || (a.rule.pattern < b.rule.pattern ? -1 : 1));
  const used = new Set<AssetRule>();
  const ruled = assets.map((asset) => {
    const own = rules.filter(({ matches }) => matches(asset.key)).map(({ rule }) => rule);
    for (const rule of own) used.add(rule);
    return own.reduce(withRule, { ...asset, owner: asset.owner ?? project.owner });
  });
  const unused = project.assetRules.filter((rule) => !used.has(rule));
  return { assets: ruled, findings: unused.map((rule) => unusedRule(rule, assets)) };
}

function withRule(asset: Asset, rule: AssetRule): Asset {
  return {
    ...asset,
    owner: rule.owner ?? asset.owner,
    serviceLevel: rule.serviceLevel ?? asset.serviceLevel,
    sensitivity: [...new Set([...asset.sensitivity, ...rule.sensitivity])].sort(),
  };
}

/** How many characters of a pattern are no wildcard. */
function specificity(rule: AssetRule): number {
  return rule.pattern.replaceAll('*', '').length + (rule.pattern.includes('*') ? 0 : 1000);
}

/** `*` matches within a name (not over `/`), `**` anything. Everything else is literal. */
export function matcherOf(pattern: string): (key: string) => boolean {
  const source = pattern
    .split(/(\*+)/)
    .map((piece) =>
      piece === '*' ? '[^/]*' : piece.startsWith('**') ? '.*' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const expression = new RegExp(`^${source}$`, 's');
  return (key) => expression.test(key);
}

function unusedRule(rule: AssetRule, assets: readonly Asset[]): Finding {
  const meant = rule.pattern.includes('*')
    ? null
    : didYouMean(
        rule.pattern,
        assets.map((asset) => asset.key),
      );
  return {
    check: 'project-rule-unused',
    asset: null,
    path: 'headgate.yaml',
    line: null,
    status: 'failed',
    severity: 'warning',
    message: `\`assets\` names \`${rule.pattern}\`, and no asset has such a key.`,
    hint: meant !== null ? `Did you mean \`${meant}\`?` : 'Run `headgate catalog` for the keys that exist.',
  };
}
