import { type Concrete, inRole } from '../../../base/python-meaning/concrete-tree.ts';
import { isLiteral } from '../../../base/python-meaning/lazy-statements.ts';
import type { Purpose } from '../../../base/python-meaning/module-form.ts';

const dagWords = new Set(['description', 'doc_md', 'dag_display_name', 'owner_links', 'default_view', 'orientation']);
const taskWords = new Set(['doc', 'doc_md', 'doc_json', 'doc_yaml', 'doc_rst', 'task_display_name']);
const people = new Set(['owner', 'email', 'email_on_failure', 'email_on_retry']);
/** A dictionary that holds one of these beside an owner holds default arguments. */
const besideOwners =
  /^['"](retries|retry_delay|depends_on_past|start_date|email_on_failure|email_on_retry|on_failure_callback)['"]$/;

/** What Airflow only shows, and whom it only tells. Only values that can do nothing else are taken for that. */
export const airflowPurpose: Purpose = (node, parent) => {
  if (node.type === 'keyword_argument' && parent.type === 'call') return argumentPurpose(node, parent);
  if (node.type === 'pair' && parent.type === 'dictionary') return pairPurpose(node, parent);
  return null;
};

function argumentPurpose(node: Concrete, call: Concrete): ReturnType<Purpose> {
  const word = inRole(node, 'name')?.text ?? '';
  const value = inRole(node, 'value');
  const callee = inRole(call, 'function')?.text ?? '';
  if (value === null || !isShown(value)) return null;
  const makesDag = /(^|\.)(DAG|dag)$/.test(callee);
  const makesTask = /(Operator|Sensor)$/.test(callee) || /^task(\.\w+)?$/.test(callee);
  if (makesDag && (dagWords.has(word) || (word === 'tags' && isListOfTexts(value)))) return 'documents';
  if (makesTask && taskWords.has(word)) return 'documents';
  return makesTask && people.has(word) ? 'people' : null;
}

function pairPurpose(node: Concrete, dictionary: Concrete): ReturnType<Purpose> {
  const key = inRole(node, 'key')?.text.slice(1, -1) ?? '';
  const value = inRole(node, 'value');
  if (!people.has(key) || value === null || !isShown(value)) return null;
  const keys = dictionary.children.map((child) => inRole(child, 'key')?.text ?? '');
  return keys.some((other) => besideOwners.test(other)) ? 'people' : null;
}

function isShown(value: Concrete): boolean {
  return isLiteral(value) || value.text === '__doc__';
}

function isListOfTexts(value: Concrete): boolean {
  const items = value.children.filter((child) => child.named);
  return value.type === 'list' && items.every((item) => item.type === 'string' && isLiteral(item));
}
