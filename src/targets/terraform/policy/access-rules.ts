import type { PolicyRule } from './policy-rule.ts';
import { blocksOf, literal, type Resource } from './resources.ts';
import { type Statement, statementsIn } from './statements.ts';

const PUBLIC_ACLS = ['public-read', 'public-read-write', 'authenticated-read', 'website'];
const BLOCKS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];
const EVERYONE = ['allUsers', 'allAuthenticatedUsers'];
const ADMINISTRATOR = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

function publicBucket({ type, body }: Resource): string[] {
  const acl = literal(body, 'acl') ?? literal(body, 'predefined_acl');
  if (/^aws_s3_bucket(?:_acl)?$/.test(type) && PUBLIC_ACLS.includes(String(acl)))
    return [`its ACL \`${acl}\` lets everybody read`];
  if (type === 'aws_s3_bucket_public_access_block' || type === 'aws_s3_account_public_access_block') {
    const off = BLOCKS.filter((name) => literal(body, name) === false);
    return off.length === 0 ? [] : [`it switches off ${off.map((name) => `\`${name}\``).join(', ')}`];
  }
  if (/^google_storage_bucket_(?:iam_|access_control)/.test(type)) {
    const members = [literal(body, 'member'), literal(body, 'entity'), literal(body, 'members')].flat();
    const open = members.find((one) => EVERYONE.includes(String(one)));
    return open === undefined ? [] : [`it gives access to \`${open}\``];
  }
  if (type === 'azurerm_storage_container') {
    const access = literal(body, 'container_access_type');
    return access === 'blob' || access === 'container' ? [`\`container_access_type\` is \`${access}\``] : [];
  }
  const isOpen = type === 'azurerm_storage_account' && literal(body, 'allow_nested_items_to_be_public') === true;
  return isOpen ? ['`allow_nested_items_to_be_public` is true'] : [];
}

/** A policy on a thing that lets anybody in, such as a bucket, a queue or a key. Who may take a role is another rule's. */
function openPolicy(resource: Resource): string[] {
  return statementsIn(resource, ['policy', 'access_policy', 'key_policy'])
    .filter((one) => one.allows && anybody(one) && one.conditions.length === 0 && !assumes(one))
    .map((one) => `its policy lets anybody do ${listed(one.actions)}`);
}

function assumes({ actions }: Statement): boolean {
  return actions.some((action) => /^sts:(?:AssumeRole\w*|\*)$/.test(action));
}

function wideAccess(resource: Resource): string[] {
  const attached = [literal(resource.body, 'policy_arn'), literal(resource.body, 'managed_policy_arns')].flat();
  const administrator = attached.find((one) => ADMINISTRATOR.test(String(one)));
  const found = statementsIn(resource, ['policy', 'inline_policy'])
    .filter((one) => one.allows && one.principals.length === 0 && one.resources.includes('*'))
    .filter((one) => one.actions.some((action) => action === '*' || action === '*:*'))
    .map(() => 'it allows every action on every resource');
  return administrator === undefined ? found : [...found, `it attaches \`${administrator}\``];
}

function wideService(resource: Resource): string[] {
  return statementsIn(resource, ['policy', 'inline_policy'])
    .filter(
      (one) => one.allows && one.principals.length === 0 && one.resources.includes('*') && one.conditions.length === 0,
    )
    .flatMap(({ actions }) => actions.filter((action) => /^[\w-]+:\*$/.test(action) || action === 'iam:PassRole'))
    .map((action) => `it allows \`${action}\` on every resource`);
}

function wideTrust(resource: Resource): string[] {
  const takesRole = ({ actions }: Statement) =>
    actions.some((action) => /^(?:sts:(?:AssumeRole\w*|\*)|\*)$/.test(action));
  return statementsIn(resource, ['assume_role_policy'])
    .filter((one) => one.allows && takesRole(one))
    .flatMap((one) => {
      if (anybody(one) && one.conditions.length === 0) return ['anybody in any account may take this role'];
      const pool = one.principals.find((name) => /^Federated:.*token\.actions\.githubusercontent\.com/.test(name));
      const isBound = one.conditions.some((name) => /:(?:sub|job_workflow_ref|repository)$/.test(name));
      return pool === undefined || isBound
        ? []
        : ['any GitHub repository may take this role: no condition is on `sub`'];
    });
}

function openNetwork({ type, body }: Resource): string[] {
  if (literal(body, 'publicly_accessible') === true) return ['`publicly_accessible` is true'];
  const rules = type === 'aws_security_group' ? blocksOf(body, 'ingress') : [];
  const own =
    type === 'aws_vpc_security_group_ingress_rule' ||
    (type === 'aws_security_group_rule' && literal(body, 'type') === 'ingress');
  return [...rules, ...(own ? [body] : [])].flatMap((rule) => {
    const from = ['cidr_blocks', 'ipv6_cidr_blocks', 'cidr_ipv4', 'cidr_ipv6'].flatMap(
      (name) => literal(rule, name) ?? [],
    );
    const world = from.find((one) => one === '0.0.0.0/0' || one === '::/0');
    const [first, last] = [literal(rule, 'from_port'), literal(rule, 'to_port')];
    if (world === undefined || (first === last && (first === 443 || first === 80))) return [];
    return [
      `it lets ${world} in on ${first === last ? `port ${first ?? 'any'}` : `ports ${first ?? 'any'} to ${last ?? 'any'}`}`,
    ];
  });
}

function anybody({ principals }: Statement): boolean {
  return principals.some((name) => /^(?:AWS|\*|undefined):\*$/.test(name));
}

function listed(actions: readonly string[]): string {
  return actions.length === 0
    ? 'things'
    : actions
        .slice(0, 3)
        .map((one) => `\`${one}\``)
        .join(', ');
}

/** Who may get at what. */
export const accessRules: readonly PolicyRule[] = [
  {
    name: 'public-bucket',
    severity: 'error',
    asks: 'Can everybody read or write a bucket or container?',
    hint: 'Make it private and block public access; serve what is meant for everybody through a CDN.',
    finds: publicBucket,
  },
  {
    name: 'open-policy',
    severity: 'error',
    asks: 'Does the policy of a bucket, queue, topic or key let anybody in without a condition?',
    hint: 'Name the accounts or roles as principals, or add a condition.',
    finds: openPolicy,
  },
  {
    name: 'wide-access',
    severity: 'error',
    asks: 'Does an IAM policy allow everything, or is an administrator’s policy attached?',
    hint: 'Name the actions and the resources that are needed.',
    finds: wideAccess,
  },
  {
    name: 'wide-service',
    severity: 'warning',
    asks: 'Does an IAM policy allow all of a service, or handing on any role, on every resource?',
    hint: 'Name the resources, or the actions.',
    finds: wideService,
  },
  {
    name: 'wide-trust',
    severity: 'error',
    asks: 'May anybody, or any GitHub repository, take a role?',
    hint: 'Name the accounts or roles that may take it, and add a condition (`sub`, an external id).',
    finds: wideTrust,
  },
  {
    name: 'open-network',
    severity: 'error',
    asks: 'Is a database, or a port other than 80 and 443, open to the internet?',
    hint: 'Allow the networks that need it only.',
    finds: openNetwork,
  },
];
