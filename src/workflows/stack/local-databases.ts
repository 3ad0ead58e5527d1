import { z } from 'zod';
import type { LocalDatabase } from '../../environments/stack/local-warehouse.ts';
import type { Json } from '../../model/json.ts';
import { isLocal, type LocalPlace } from './local-place.ts';

const Connection = z.object({
  type: z.string(),
  host: z.string().optional(),
  port: z.union([z.string(), z.number()]).optional(),
  schema: z.string().optional(),
  login: z.string().optional(),
  password: z.string().optional(),
});
const AirflowPart = z.object({ connections: z.record(z.string(), Connection).optional() });

export type WantedDatabase = LocalDatabase & { connection: string; port: number };

/** The Postgres databases on this machine that the project's Airflow connections lead to in an environment. */
export function localDatabases(place: LocalPlace, variables: { [name: string]: string }): WantedDatabase[] {
  const parts = place.project.parts.filter(({ target }) => target === 'airflow');
  return parts.flatMap(({ part }) => {
    const { connections = {} } = AirflowPart.parse(part.settings);
    return Object.entries(connections).flatMap(([name, connection]) => {
      const text = (given: string | number | undefined) => filled(String(given ?? ''), place, variables);
      const [host, database, role] = [text(connection.host), text(connection.schema), text(connection.login)];
      if (connection.type !== 'postgres' || !isLocal(host) || database === '' || role === '') return [];
      const port = Number(text(connection.port) || 5432);
      return [{ connection: name, port, database, role, password: text(connection.password) }];
    });
  });
}

function filled(text: string, { project, environment }: LocalPlace, variables: { [name: string]: string }): string {
  const defaults = Object.fromEntries(project.values.map((value) => [value.name, value.default]));
  const values: { [name: string]: Json } = { ...defaults, ...environment.values };
  return text.replaceAll(/\$\{(values|secrets)\.([\w-]+)\}/g, (_, kind: string, name: string) => {
    if (kind === 'values') return typeof values[name] === 'string' ? values[name] : JSON.stringify(values[name] ?? '');
    const reference = environment.secrets[name] ?? '';
    return variables[reference.replace(/^env:/, '')] ?? '';
  });
}
