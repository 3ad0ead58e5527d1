import { describe } from 'node:test';
import { asRolloutStore, memoryRollouts } from '../simulator/memory-rollouts.ts';
import { holdsRolloutStoreContract } from './contract.ts';

describe('the rollout store in memory', () => {
  holdsRolloutStoreContract(async () => {
    const rows = memoryRollouts();
    const audited = async () => rows.audit.map(({ entry }) => `${entry.action} ${entry.subject}`);
    return { store: asRolloutStore(rows), audited };
  });
});
