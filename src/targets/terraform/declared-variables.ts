import { readYaml } from '../../base/yaml/yaml-document.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf } from '../../model/proposals.ts';
import { hclAttributes } from './hcl-attributes.ts';
import { hclBlocks } from './hcl-blocks.ts';
import { readVariableType, type VariableType } from './variable-type.ts';

/** A `variable` block. `type` is null when it has none. */
export type DeclaredVariable = {
  name: string;
  path: string;
  line: number;
  type: VariableType | null;
  hasDefault: boolean;
  sensitive: boolean;
  nullable: boolean;
};

/**
 * The input variables of a stack. `whole` is false when it also has files whose variables are not read (.tf.json).
 * `own` are the variables that the stack's own files give, with the file and line: terraform.tfvars and *.auto.tfvars.
 */
export type StackVariables = {
  declared: DeclaredVariable[];
  whole: boolean;
  own: Map<string, { path: string; line: number | null }>;
};

/** Reads what the files right in a folder declare and give. */
export function stackVariables(files: ProjectFiles, folder: string): StackVariables {
  const paths = files.entries.map(({ path }) => path).filter((path) => folderOf(path) === folder);
  return {
    declared: paths.filter((path) => path.endsWith('.tf')).flatMap((path) => declaredIn(files, path)),
    whole: !paths.some((path) => path.endsWith('.tf.json')),
    own: new Map(paths.flatMap((path) => givenBy(files, path))),
  };
}

function declaredIn(files: ProjectFiles, path: string): DeclaredVariable[] {
  return hclBlocks(files.text(path) ?? '')
    .blocks.filter(({ kind }) => kind === 'variable')
    .map(({ labels, line, body }) => {
      const attributes = new Map(hclAttributes(body).map(({ name, expression }) => [name, expression]));
      const type = attributes.get('type');
      return {
        name: labels[0] ?? '',
        path,
        line,
        type: type === undefined ? null : readVariableType(type),
        hasDefault: attributes.has('default'),
        sensitive: attributes.get('sensitive') === 'true',
        nullable: attributes.get('nullable') !== 'false',
      };
    });
}

function givenBy(files: ProjectFiles, path: string): [string, { path: string; line: number | null }][] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const text = files.text(path) ?? '';
  if (name === 'terraform.tfvars' || name.endsWith('.auto.tfvars')) {
    return hclAttributes(text).map((given) => [given.name, { path, line: given.line }]);
  }
  if (name !== 'terraform.tfvars.json' && !name.endsWith('.auto.tfvars.json')) return [];
  const yaml = readYaml(text);
  const value = yaml.value !== null && typeof yaml.value === 'object' ? yaml.value : {};
  return Object.keys(value).map((given) => [given, { path, line: yaml.lineOf([given]) }]);
}
