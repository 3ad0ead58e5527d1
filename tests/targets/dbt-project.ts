import type { Files } from './bundle-world.ts';

/** A small dbt project on DuckDB whose one table says which version built it. `more` adds or replaces files. */
export function dbtProject(version: string, more: Files = {}): Files {
  return {
    'headgate.yaml': `version: 1
project: shop
values: { database: { type: string } }
secrets: [word]
parts:
  dbt:
    - name: shop
      path: dbt/shop
      build: true
      vars: { database: "\${values.database}" }
      env: { SHOP_DATABASE: "\${values.database}", SHOP_WORD: "\${secrets.word}" }
`,
    'environments/prod.yaml': `environment: prod
values: { database: ${'{{database}}'} }
secrets: { word: "env:SHOP_SECRET_WORD" }
targets: { dbt: { home: unused } }
`,
    'dbt/shop/dbt_project.yml':
      'name: shop\nversion: "1.0"\nprofile: shop\nmodel-paths: [models]\ntest-paths: [tests]\n',
    'dbt/shop/profiles.yml': `shop:
  target: default
  outputs:
    default: { type: duckdb, path: "{{ env_var('SHOP_DATABASE') }}", threads: 1 }
`,
    'dbt/shop/models/releases.sql': `{{ config(materialized='table') }} select '${version}' as version, length('{{ env_var('SHOP_WORD') }}') as word\n`,
    'dbt/shop/models/history.sql': `{{ config(materialized='incremental', unique_key='version') }} select '${version}' as version\n`,
    ...more,
  };
}

/** The same files with the database's path filled in. */
export function onDatabase(files: Files, database: string): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replace('{{database}}', database)]),
  );
}
