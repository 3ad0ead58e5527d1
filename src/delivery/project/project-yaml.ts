import { readYaml, type YamlReading } from '../../base/yaml/yaml-document.ts';

/** The last few texts of headgate.yaml that were read: both ends of a comparison mostly have the same. */
const known = new Map<string, YamlReading>();
const MOST_KNOWN = 2;

/** Reads the text of headgate.yaml, once while it stays the same. Nobody may change what it gives. */
export function projectYaml(text: string): YamlReading {
  const yaml = known.get(text) ?? readYaml(text);
  known.delete(text);
  known.set(text, yaml);
  for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
  return yaml;
}
