import type { ServiceLevel } from '../../model/asset.ts';
import type { Environment } from '../../model/environment.ts';
import type { Json } from '../../model/json.ts';
import type { DeclaredPart } from '../../targets/contract.ts';
import type { Checking } from './checking.ts';

export const valueTypes = ['string', 'integer', 'number', 'boolean', 'list', 'map'] as const;
export type ValueType = (typeof valueTypes)[number];

/** A logical name that code may read. `default` is null when there is none, and then every environment must give it. */
export type DeclaredValue = {
  name: string;
  type: ValueType;
  description: string | null;
  required: boolean;
  default: Json;
};

/** What headgate.yaml says of the assets whose key matches `pattern` (`*` within a name, `**` across). */
export type AssetRule = {
  pattern: string;
  owner: string | null;
  serviceLevel: ServiceLevel | null;
  sensitivity: string[];
};

/** A part of the project and the id of the target that delivers it. */
export type ProjectPart = { target: string; part: DeclaredPart };

/** What headgate.yaml and the environment files say. Whatever could not be read is left out and has a finding. */
export type Project = {
  name: string;
  owner: string | null;
  parts: ProjectPart[];
  values: DeclaredValue[];
  secrets: string[];
  environments: Environment[];
  assetRules: AssetRule[];
  ignore: string[];
  checking: Checking;
};
