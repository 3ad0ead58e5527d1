import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createProject, headgate } from '../checks/headgate.ts';

const SECRET = 'pa${ss}-"quoted"-word';
const YAML = `version: 1
project: lake
values:
  bucket: { type: string }
  days: { type: integer, default: 30 }
  tags: { type: map }
secrets: [db_password]
parts:
  terraform:
    - name: lake
      path: stack
      variables:
        bucket: "\${values.bucket}"
        days: "\${values.days}"
        tags: "\${values.tags}"
        database: { user: app, password: "\${secrets.db_password}" }
        password: "\${secrets.db_password}"
`;
const STACK = `variable "bucket" { type = string }
variable "days" { type = number }
variable "tags" { type = map(string) }
variable "database" {
  type      = object({ user = string, password = string })
  sensitive = true
}
variable "password" {
  type      = string
  sensitive = true
}
output "told" { value = "\${var.bucket} \${var.days + 1} \${var.tags["odd"]}" }
output "same" { value = nonsensitive(var.database.password == var.password) }
output "length" { value = nonsensitive(length(var.password)) }
output "leak" { value = nonsensitive(var.password) }
`;
const PROD = `environment: prod
values: { bucket: lake-prod, tags: { odd: "a \${b} %{c} 'd'" } }
secrets: { db_password: env:TEST_DB_PASSWORD }
`;

let project: Awaited<ReturnType<typeof createProject>>;
before(async () => {
  project = await createProject({
    'headgate.yaml': YAML,
    'stack/main.tf': STACK,
    'environments/prod.yaml': PROD,
    'say.js':
      'process.stdout.write(Object.entries(process.env).filter(([n]) => n.startsWith("TF_VAR")).map(([n, v]) => n + "=" + v).sort().join("\\n")); process.exit(7);\n',
  });
});
after(() => project?.remove());

const withSecret = { TEST_DB_PASSWORD: SECRET };
const run = (command: string[], env: NodeJS.ProcessEnv = withSecret) =>
  headgate(project.folder, ['environment', 'run', 'prod', '--for', 'terraform/lake', '--', ...command], env);
const values = (...more: string[]) =>
  headgate(project.folder, ['environment', 'values', 'prod', '--for', 'terraform/lake', ...more]);

test('the values come as a .tfvars.json document, without secrets, which are named', async () => {
  const { status, out, err } = await values();
  assert.deepEqual([status, JSON.parse(out)], [0, { bucket: 'lake-prod', days: 30, tags: { odd: "a ${b} %{c} 'd'" } }]);
  assert.match(err, /Left out, for they hold secrets: database, password/);
  const { out: json } = await values('--json');
  assert.deepEqual(JSON.parse(json), {
    environment: 'prod',
    part: 'terraform/lake',
    variables: { bucket: 'lake-prod', days: 30, tags: { odd: "a ${b} %{c} 'd'" } },
    secrets: { database: ['db_password'], password: ['db_password'] },
    file: null,
  });
});

test('a shell reads the other format back, and the file has the same', async () => {
  const file = join(project.folder, 'prod.env');
  assert.equal((await values('--format', 'env', '--out', file)).status, 0);
  const shell = spawnSync('sh', ['-c', '. "$0"; printf %s "$TF_VAR_tags"', file], { encoding: 'utf8' });
  assert.equal(shell.stdout, String.raw`{"odd":"a $$\{b} %%{c} 'd'"}`.replace('\\', ''));
});

test('a command gets each as a variable of its process, its secrets blotted out of what it prints, and its status is ours', async () => {
  const { status, out } = await run([process.execPath, 'say.js']);
  assert.deepEqual(out.split('\n'), [
    'TF_VAR_bucket=lake-prod',
    'TF_VAR_database={"user":"app","password":"pa$${ss}-\\"quoted\\"-word"}'.replace(
      'pa$${ss}-\\"quoted\\"-word',
      '[secret]',
    ),
    'TF_VAR_days=30',
    'TF_VAR_password=[secret]',
    `TF_VAR_tags={"odd":"a $$${'{b}'} %%{c} 'd'"}`,
  ]);
  assert.equal(status, 7);
});

test('no shell reads the words of the command', async () => {
  const { out } = await run([process.execPath, '-p', 'process.argv[1]', '$(echo x); `y` *']);
  assert.equal(out, '$(echo x); `y` *\n');
});

test('the real Terraform takes them as they were meant, and no secret stays on disk', {
  skip: terraformMissing(),
}, async () => {
  const init = await run(['terraform', '-chdir=stack', 'init', '-no-color']);
  assert.equal(init.status, 0, init.err + init.out);
  const { status, out, err } = await run(['terraform', '-chdir=stack', 'plan', '-no-color', '-input=false']);
  assert.equal(status, 0, err + out);
  assert.match(out, /\+ told +=\s+"lake-prod 31 a \$\{b\} %\{c\} 'd'"/);
  assert.match(out, /\+ same +=\s+true/);
  assert.match(out, new RegExp(`\\+ length +=\\s+${SECRET.length}`));
  assert.match(out, /\+ leak +=\s+"\[secret\]"/);
  assert.deepEqual(await filesWith(project.folder, SECRET), []);
});

test('the real Terraform takes the document', { skip: terraformMissing() }, async () => {
  await values('--out', join(project.folder, 'stack', 'lake.tfvars.json'));
  const more = ['-var', 'password=x', '-var', 'database={user="a",password="x"}'];
  const planned = spawnSync(
    'terraform',
    ['-chdir=stack', 'plan', '-no-color', '-input=false', '-var-file=lake.tfvars.json', ...more],
    {
      cwd: project.folder,
      encoding: 'utf8',
    },
  );
  assert.equal(planned.status, 0, planned.stderr);
  assert.match(planned.stdout, /lake-prod 31 a /);
});

test('a missing secret, a value that does not fit and another part each say so, and nothing is started', async () => {
  const marker = ['sh', '-c', 'echo started'];
  const missing = await run(marker, { TEST_DB_PASSWORD: '' });
  assert.deepEqual([missing.status, missing.out], [3, '']);
  assert.match(missing.err, /secret-not-found/);
  assert.match((await run(['no-such-program'])).err, /command-not-started/);
  await writeFile(
    join(project.folder, 'environments/prod.yaml'),
    PROD.replace('bucket: lake-prod', 'bucket: l, days: soon'),
  );
  const unfit = await run(marker);
  assert.deepEqual([unfit.status, unfit.out], [1, '']);
  assert.match(unfit.err, /days must be a number/);
  const other = await headgate(project.folder, ['environment', 'values', 'prod', '--for', 'terraform/lakes']);
  assert.equal(other.status, 2);
  assert.match(other.err, /It has: terraform\/lake\./);
  assert.equal((await headgate(project.folder, ['environment', 'values', 'qa', '--for', 'terraform/lake'])).status, 2);
});

function terraformMissing(): string | false {
  return spawnSync('terraform', ['version']).status === 0 ? false : 'there is no terraform on this machine';
}

async function filesWith(folder: string, text: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).map((path) => join(folder, path));
  const found: string[] = [];
  for (const path of paths) {
    if ((await stat(path)).isFile() && (await readFile(path, 'latin1')).includes(text)) found.push(path);
  }
  return found;
}
