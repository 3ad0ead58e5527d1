/** One test of a JUnit report. `test` is its class or file and its name. */
export type JunitCase = {
  test: string;
  outcome: 'passed' | 'failed' | 'errored' | 'skipped';
  seconds: number | null;
  message: string;
  path: string | null;
  line: number | null;
};

type Tag = { name: string; attributes: { [name: string]: string }; closes: boolean; isEmpty: boolean; text: string };

/** The tests of a JUnit XML report, as the many tools that write it do; null when it is none. */
export function readJunit(xml: string): JunitCase[] | null {
  const tags = tagsOf(xml);
  if (!tags.some(({ name }) => name === 'testsuite' || name === 'testsuites')) return null;
  const cases: JunitCase[] = [];
  let open: JunitCase | null = null;
  for (const tag of tags) {
    if (tag.name === 'testcase') {
      if (!tag.closes) {
        open = caseOf(tag);
        cases.push(open);
      }
      if (tag.closes || tag.isEmpty) open = null;
    } else if (open !== null && !tag.closes) {
      markCase(open, tag);
    }
  }
  return cases;
}

function caseOf({ attributes }: Tag): JunitCase {
  const { classname, name = '', file, line, time } = attributes;
  const group = file ?? classname;
  return {
    test: group === undefined || group === '' ? name : `${group}::${name}`,
    outcome: 'passed',
    seconds: time === undefined || Number.isNaN(Number(time)) ? null : Number(time),
    message: '',
    path: file === undefined || file.startsWith('/') || file.includes('..') ? null : file,
    line: Number(line) > 0 ? Number(line) : null,
  };
}

const OUTCOMES: { [tag: string]: JunitCase['outcome'] } = { failure: 'failed', error: 'errored', skipped: 'skipped' };

function markCase(open: JunitCase, { name, attributes, text }: Tag): void {
  const outcome = Object.hasOwn(OUTCOMES, name) ? OUTCOMES[name] : undefined;
  if (outcome === undefined) return;
  open.outcome = outcome;
  open.message = (attributes.message ?? '').trim() || (text.trim().split('\n')[0] ?? '') || `it ${outcome}`;
}

/** The tags of a document, with the text that follows each; comments and declarations left out. */
function tagsOf(xml: string): Tag[] {
  const plain = xml.replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>/g, '');
  const pattern =
    /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>((?:<!\[CDATA\[[\s\S]*?\]\]>|[^<])*)/g;
  return [...plain.matchAll(pattern)].map(([, slash, name = '', attributes = '', empty, text = '']) => ({
    name,
    attributes: attributesOf(attributes),
    closes: slash === '/',
    isEmpty: empty === '/',
    text: text.includes('<![CDATA[') ? text.replaceAll(/<!\[CDATA\[|\]\]>/g, '') : unescaped(text),
  }));
}

function attributesOf(text: string): { [name: string]: string } {
  const found = [...text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(found.map(([, name = '', double, single]) => [name, unescaped(double ?? single ?? '')]));
}

const NAMED: { [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (whole, decimal, hex, name: string) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? whole) : whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
