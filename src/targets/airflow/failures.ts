/** What an answer of Airflow's REST API means. `certain`: Airflow said no; else nobody can tell whether it was done. */
export type Cause = { cause: string; because: string };

const BY_STATUS: { [status: number]: Cause } = {
  400: { cause: 'not-understood', because: 'it did not understand the request; is it an Airflow 2.x?' },
  401: {
    cause: 'not-signed-in',
    because: 'the user name or password is wrong, or basic_auth is not among its auth_backends',
  },
  403: {
    cause: 'not-allowed',
    because: 'this user may not do that; it needs a role that may edit DAGs, Variables, Connections and Pools',
  },
  404: { cause: 'not-found', because: 'it has no such address; is the url that of the web server, without /api/v1?' },
  409: { cause: 'conflict', because: 'somebody else is changing the same thing at this moment' },
  429: { cause: 'too-many', because: 'it was asked too often' },
  500: { cause: 'broken', because: 'it met an error of its own; see the log of its web server' },
  502: { cause: 'not-up', because: 'the proxy before it cannot reach it' },
  503: { cause: 'not-up', because: 'it is not ready' },
  504: { cause: 'not-up', because: 'the proxy before it waited in vain' },
};

/** The cause behind a status that means failure. */
export function causeOf(status: number): Cause {
  return BY_STATUS[status] ?? { cause: 'odd-status', because: `it answered with status ${status}` };
}

/** Why an answer that should have been JSON is none. */
export function oddAnswer(contentType: string, body: string): string {
  if (body.trim() === '') return 'its answer is empty';
  if (/html/i.test(contentType) || /^\s*</.test(body))
    return 'it answered with a web page, as a sign-in page or a proxy would';
  return 'its answer is not JSON';
}
