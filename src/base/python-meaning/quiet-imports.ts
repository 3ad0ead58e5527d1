import type { ImportedName } from './statement-names.ts';

/** Modules of Python itself that every Python has, and that do nothing when they are loaded. */
const modules = new Set(
  `abc argparse base64 bisect calendar codecs collections collections.abc configparser contextlib copy csv dataclasses datetime decimal
  difflib enum fnmatch fractions functools getpass glob gzip hashlib heapq hmac html http inspect io itertools json logging math
  mimetypes numbers operator os os.path pathlib pickle platform posixpath pprint queue random re secrets shlex shutil socket statistics
  string struct subprocess sys tarfile tempfile textwrap threading time timeit traceback types typing unicodedata urllib urllib.parse
  urllib.request uuid warnings weakref zipfile`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Names that are in such modules, and in those of Airflow, in all versions that are in use. */
const names: { [module: string]: ReadonlySet<string> } = Object.fromEntries(
  Object.entries({
    abc: 'ABC abstractmethod',
    base64: 'b64encode b64decode',
    collections: 'ChainMap Counter OrderedDict defaultdict deque namedtuple',
    'collections.abc':
      'Awaitable Callable Collection Container Coroutine Generator Hashable Iterable Iterator Mapping MutableMapping Sequence Set',
    contextlib: 'closing contextmanager suppress',
    copy: 'copy deepcopy',
    dataclasses: 'asdict dataclass field',
    datetime: 'date datetime time timedelta timezone',
    decimal: 'Decimal',
    enum: 'Enum IntEnum auto',
    functools: 'lru_cache partial reduce wraps',
    glob: 'glob',
    io: 'BytesIO StringIO',
    itertools: 'chain combinations groupby islice product',
    json: 'dump dumps load loads',
    math: 'ceil floor sqrt',
    os: 'environ getenv listdir makedirs path',
    'os.path': 'basename dirname exists join',
    pathlib: 'Path PurePath',
    pprint: 'pformat pprint',
    random: 'choice randint random',
    string: 'Template',
    subprocess: 'PIPE Popen run',
    textwrap: 'dedent',
    time: 'sleep time',
    traceback: 'format_exc print_exc',
    typing:
      'AbstractSet Any AnyStr Awaitable Callable ClassVar Collection Coroutine DefaultDict Deque Dict FrozenSet Generator Generic Hashable IO Iterable Iterator List Mapping MutableMapping NamedTuple NoReturn Optional Pattern Sequence Set Sized Text TextIO Tuple Type TypeVar Union cast overload TYPE_CHECKING Final Literal Protocol TypedDict',
    'urllib.parse': 'parse_qs quote quote_plus urlencode urljoin urlparse',
    uuid: 'UUID uuid4',
    airflow: 'DAG',
    'airflow.decorators': 'dag task task_group',
    'airflow.exceptions': 'AirflowException AirflowFailException AirflowSkipException',
    'airflow.hooks.base': 'BaseHook',
    'airflow.models': 'BaseOperator Connection DAG DagRun TaskInstance Variable',
    'airflow.models.dag': 'DAG',
    'airflow.operators.bash': 'BashOperator',
    'airflow.operators.python': 'BranchPythonOperator PythonOperator ShortCircuitOperator',
    'airflow.utils.task_group': 'TaskGroup',
    'airflow.utils.trigger_rule': 'TriggerRule',
  }).map(([module, listed]) => [module, new Set(listed.split(' '))]),
);

/** Whether an import does no more than give something a name, and cannot fail, so that it counts only where the name is used. */
export function isQuietImport({ module, name }: ImportedName): boolean {
  return name === null ? modules.has(module) : names[module]?.has(name) === true;
}
