import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonIn } from './run-sqlfluff.ts';

test('what sqlfluff refuses is told by its reason, not by where to read on, and without folders of this machine', () => {
  const said = "User Error: Config file PosixPath('/srv/shop/.sqlfluff') set an outdated config value core:recurse.";
  assert.equal(
    reasonIn(`WARNING old\n${said}\n\nRemoved as unused.\n\nSee https://example.invalid for more details.\n`),
    'User Error: Config file `.sqlfluff` set an outdated config value core:recurse.',
  );
  assert.equal(reasonIn('Traceback\nMemoryError\n'), 'MemoryError');
});
