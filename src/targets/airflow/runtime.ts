import type { DeployedRuntime } from '../contract.ts';
import type { AirflowClient } from './client.ts';

/**
 * What Airflow says of itself through its REST API: its own version and those of its providers, where the user may see
 * them. Its other Python packages cannot be asked.
 */
export async function deployedRuntime(client: Pick<AirflowClient, 'version' | 'providers'>): Promise<DeployedRuntime> {
  const [version, providers] = await Promise.all([client.version(), client.providers()]);
  return {
    saidBy: 'its REST API',
    versions: { 'apache-airflow': version, ...providers },
    tells: providers === null ? ['apache-airflow'] : ['apache-airflow', 'apache-airflow-providers-*'],
  };
}
