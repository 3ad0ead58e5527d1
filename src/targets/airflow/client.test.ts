import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { HeadgateError } from '../../base/errors.ts';
import { airflowClient, basicAuth } from './client.ts';

/** What the server answers next. */
let answer: { status: number; type: string; body: string } | 'hang up' | 'say nothing';
let server: Server;
let url: string;

before(async () => {
  server = createServer((request, response) => {
    if (answer === 'say nothing') return;
    if (answer === 'hang up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function client(at = url) {
  return airflowClient({ url: at, auth: basicAuth('headgate', async () => 'pw'), timeoutSeconds: 1 });
}

async function failure(given: typeof answer, at = url): Promise<{ code: string; message: string; exit: number }> {
  answer = given;
  const error = await client(at)
    .setPaused('orders', true)
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  assert.ok(error instanceof HeadgateError, String(error));
  return { code: error.code, message: error.message, exit: error.exit };
}

const json = (status: number, body: unknown) => ({ status, type: 'application/json', body: JSON.stringify(body) });

test('each refusal of Airflow names its cause', async () => {
  const causes: [number, RegExp][] = [
    [400, /did not understand/],
    [401, /user name or password is wrong/],
    [403, /this user may not do that/],
    [409, /changing the same thing/],
    [500, /error of its own/],
    [503, /not ready/],
    [418, /status 418/],
  ];
  for (const [status, cause] of causes) {
    const { code, message, exit } = await failure(json(status, { detail: 'because of this' }));
    assert.deepEqual([code, exit], ['airflow-refused', 3]);
    assert.match(message, cause);
    assert.match(message, /would not pause the DAG orders/);
    assert.match(message, /it says: because of this/);
  }
  assert.equal((await failure({ status: 500, type: 'text/html', body: '<h1>oh</h1>' })).code, 'airflow-refused');
});

test('a web page, an empty answer and a silent server are told apart', async () => {
  const page = await failure({ status: 200, type: 'text/html', body: '<html>sign in</html>' });
  assert.equal(page.code, 'airflow-answer-odd');
  assert.match(page.message, /web page/);
  const empty = await failure({ status: 200, type: 'application/json', body: '' });
  assert.deepEqual([empty.code, /empty/.test(empty.message)], ['airflow-answer-odd', true]);
  const lost = await failure({ status: 404, type: 'text/html', body: '<html>nothing here</html>' });
  assert.equal(lost.code, 'airflow-answer-odd');
  assert.equal((await failure('hang up')).code, 'target-unreachable');
  assert.equal((await failure('say nothing')).code, 'target-unreachable');
  assert.equal((await failure('hang up', 'http://127.0.0.1:9')).code, 'target-unreachable');
});

test('what Airflow does not know is an answer, not a failure', async () => {
  answer = json(404, { title: 'DAG not found' });
  assert.equal(await client().dag('orders'), null);
  assert.equal(await client().setPaused('orders', true), false);
  assert.equal(await client().readEntry('variable', 'x'), null);
});

test('the versions of Airflow and of its providers; a user who may not see these is told apart from a failure', async () => {
  answer = json(200, { version: '2.10.5', git_version: null });
  assert.equal(await client().version(), '2.10.5');
  answer = json(200, { providers: [{ package_name: 'apache-airflow-providers-ftp', version: '3.12.2' }] });
  assert.deepEqual(await client().providers(), { 'apache-airflow-providers-ftp': '3.12.2' });
  answer = json(403, { title: 'Forbidden' });
  assert.equal(await client().providers(), null);
  answer = json(500, { detail: 'oh' });
  await assert.rejects(client().providers(), { code: 'airflow-refused' });
});

test('the password is in no message', async () => {
  const { message } = await failure(json(401, { detail: null }));
  assert.doesNotMatch(message, /pw|aGVhZGdhdGU/);
});
