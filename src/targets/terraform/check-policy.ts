import { skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { TargetCheck } from '../contract.ts';
import { TerraformPart } from './config.ts';
import { judgePlan } from './policy/judge-plan.ts';
import { judgePolicy } from './policy/judge-policy.ts';
import { resourcesIn } from './policy/resources.ts';

export const policy: TargetCheck = {
  name: 'terraform-policy',
  title: 'The stack, and the plan where there is one, keep the rules on access, encryption, data and cost',
  // A plan is made by CI, and seldom tracked by Git.
  dependsOn: ['part-files', 'ignored-files', 'settings'],
  async run({ files, part }) {
    const { path, plan } = TerraformPart.parse(part.settings);
    const { resources, defaultTags } = resourcesIn(files, normalFolder(path));
    const declared = judgePolicy(resources, defaultTags);
    if (plan === undefined) return declared;
    const text = files.text(plan);
    const planned = text === null ? null : judgePlan(text, resources);
    return planned === null ? [...declared, noPlan(plan, text === null)] : withoutRepeated([...declared, ...planned]);
  },
};

/** What the declaration says already is not said again of the plan. */
function withoutRepeated(findings: Finding[]): Finding[] {
  const seen = new Map(findings.map((finding) => [`${finding.path} ${finding.message}`, finding]));
  return [...seen.values()];
}

function noPlan(path: string, isAbsent: boolean): Finding {
  const message = isAbsent
    ? `There is no plan at ${path}, so what would be deleted or replaced could not be told.`
    : `${path} is no plan in JSON, so what would be deleted or replaced could not be told.`;
  const hint = `Before the check run \`terraform plan -out plan.bin && terraform show -json plan.bin > ${path}\`.`;
  return skipped('terraform-policy', message, { path: isAbsent ? null : path, hint });
}
