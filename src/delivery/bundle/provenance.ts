import { type Statement, statementAbout } from '../../base/in-toto.ts';
import { type Digest, hexOf, parseDigest } from '../../model/identifiers.ts';

const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1';

/** What git says of the project. `authors` are `Name <address>` of the commits after `base`, sorted, each once. */
export type CommitFacts = {
  commit: string;
  base: string | null;
  dirty: boolean;
  remote: string | null;
  authors: string[];
};

/** A document that was made with the bundle and lies beside it. */
export type Byproduct = { name: string; digest: Digest };

export type ProvenanceInput = {
  bundle: Digest;
  project: string;
  commits: CommitFacts | null;
  lock: Digest | null;
  headgate: string;
  byproducts: Byproduct[];
};

/**
 * SLSA provenance (v1) of a bundle as an in-toto statement: which commit, whether the tree differed from it, who wrote it,
 * and what built it. It holds no times, so that making the same bundle again says the same.
 */
export function provenanceOf(input: ProvenanceInput): Statement {
  const { bundle, project, commits, lock, headgate, byproducts } = input;
  const source = commits === null ? [] : [sourceOf(commits)];
  const locks = lock === null ? [] : [{ name: 'headgate.lock', digest: { sha256: lock.slice('sha256:'.length) } }];
  const predicate = {
    buildDefinition: {
      buildType: 'urn:headgate:build:v1',
      externalParameters: { project },
      internalParameters: {
        dirty: commits?.dirty ?? true,
        base: commits?.base ?? null,
        authors: commits?.authors ?? [],
      },
      resolvedDependencies: [...source, ...locks],
    },
    runDetails: {
      builder: { id: 'urn:headgate:cli', version: { headgate } },
      byproducts: byproducts.map(resource),
    },
  };
  return statementAbout({ name: project, digest: bundle, predicateType: PREDICATE_TYPE, predicate });
}

/** The authors that a provenance names; empty when the statement is of another type. */
export function authorsOf(statement: Statement): string[] {
  if (statement.predicateType !== PREDICATE_TYPE) return [];
  const authors = inside(inside(inside(statement.predicate, 'buildDefinition'), 'internalParameters'), 'authors');
  return Array.isArray(authors) ? authors.filter((author) => typeof author === 'string') : [];
}

/** Digests of the documents that a provenance says were made with the bundle. */
export function byproductsOf(statement: Statement): Digest[] {
  if (statement.predicateType !== PREDICATE_TYPE) return [];
  const listed = inside(inside(statement.predicate, 'runDetails'), 'byproducts');
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry) => parseDigest(`sha256:${String(inside(inside(entry, 'digest'), 'sha256'))}`) ?? []);
}

function resource({ name, digest }: Byproduct) {
  return { name, digest: { sha256: hexOf(digest) } };
}

function sourceOf(commits: CommitFacts) {
  const uri =
    commits.remote === null
      ? { name: 'source' }
      : { uri: commits.remote.startsWith('git') ? commits.remote : `git+${commits.remote}` };
  return { ...uri, digest: { gitCommit: commits.commit } };
}

function inside(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
