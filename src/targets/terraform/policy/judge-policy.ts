import type { Finding } from '../../../model/finding.ts';
import { isGiven, type Resource } from './resources.ts';
import { policyRules } from './rules.ts';

/** Types that take tags and are worth finding the owner of. */
const TAGGED =
  /^aws_(?:s3_bucket|db_instance|rds_cluster|instance|ebs_volume|efs_file_system|dynamodb_table|redshift_cluster|msk_cluster|kinesis_stream|lambda_function|ecs_cluster|eks_cluster|emr_cluster|mwaa_environment|sqs_queue|sns_topic|kms_key|glue_job|opensearch_domain)$/;

/** What Headgate's own rules say of the resources of a stack. A comment `headgate: allow RULE` in or above a resource leaves it out. */
export function judgePolicy(resources: readonly Resource[], defaultTags: boolean): Finding[] {
  const found = resources.flatMap((resource) =>
    policyRules.flatMap((rule) =>
      isAllowed(resource, rule.name)
        ? []
        : [...new Set(rule.finds(resource))].map((because) =>
            finding(resource, { rule: rule.name, because, severity: rule.severity, hint: rule.hint }),
          ),
    ),
  );
  return [...found, ...(defaultTags ? [] : untagged(resources))];
}

function untagged(resources: readonly Resource[]): Finding[] {
  return resources
    .filter((one) => one.mode === 'managed' && TAGGED.test(one.type) && !isGiven(one.body, 'tags'))
    .filter((one) => !isAllowed(one, 'untagged'))
    .map((one) =>
      finding(one, {
        ...{
          rule: 'untagged',
          severity: 'warning',
          because: 'it has no tags, so nobody sees whose it is and who pays',
        },
        hint: 'Add `tags`, or `default_tags` to the provider.',
      }),
    );
}

function isAllowed({ text }: Resource, rule: string): boolean {
  return new RegExp(`(?:#|//).*headgate:\\s*allow\\s+(?:[\\w-]+,\\s*)*${rule}\\b`).test(text);
}

type Said = { rule: string; because: string; severity: Finding['severity']; hint: string };

export function finding(resource: Resource, { rule, because, severity, hint }: Said): Finding {
  return {
    ...{ check: 'terraform-policy', asset: null, path: resource.path, line: resource.line, status: 'failed', severity },
    message: `\`${resource.address}\`: ${because} (${rule}).`,
    hint,
  };
}
