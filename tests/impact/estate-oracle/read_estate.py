"""Says what Python, Airflow and YAML make of the texts of an estate. One JSON object on each line, in and out.

{"op": "mutate", "seed", "text"} -> {"text", "kind"}: a Python text changed by chance; kind "harmless" where Python makes the same tree of it.
{"op": "dags", "files": {path: text}, "ask": [path], "variables": {name: value}} -> {path: {dag: serialised} or {"error"}}: what Airflow serialises.
{"op": "live", "files": {path: text}, "entry", "roots": [folder]} -> {path: {name of a definition: its tree}}: definitions that running the
entry may come to use, judged by the words that stand in what is used: more than really are, never fewer but for names put together from texts.
{"op": "yaml", "texts": [text, text]} -> {"differing": [path] | null}: where the data of two YAML texts differ; null where one is none.
"""

import ast
import contextlib
import functools
import io
import json
import os
import random
import sys
import tempfile
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import python_pairs
import yaml

QUIET = {"fileloc", "_processor_dags_folder", "doc_md", "doc", "description", "tags", "owner_links", "edge_info"}


class UniqueKeys(yaml.SafeLoader):
    """Refuses a key that stands twice."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        if len(set(keys)) != len(keys):
            raise yaml.YAMLError("a key stands twice")
        return super().construct_mapping(node, deep)


def main():
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(OPERATIONS[asked["op"]](asked)), file=out, flush=True)


def mutate(asked):
    choose, text = random.Random(asked["seed"]), asked["text"]
    if choose.random() < 0.35:
        changed = choose.choice(HARMLESS)(text, choose)
        same = python_pairs.meaning(changed) == python_pairs.meaning(text)
        return {"text": changed, "kind": "harmless"} if same else {"text": f"# why\n{text}", "kind": "harmless"}
    meaning = python_pairs.meaning(text)
    for _ in range(20):
        changed = python_pairs.mutated(text, choose)
        found = python_pairs.meaning(changed)
        if changed != text and found is not None:
            return {"text": changed, "kind": "harmless" if found == meaning else "meant"}
    return {"text": text, "kind": "harmless"}


def with_comments(text, choose):
    lines = text.split("\n")
    ends = [at for at, line in enumerate(lines) if line.rstrip().endswith((")", ":")) and '"""' not in line and "\\" not in line]
    for at in choose.sample(ends, min(3, len(ends))):
        lines[at] += choose.choice(["  # why", "  # noqa", " # {{ x }}"])
    changed = "\n".join(lines)
    return changed if python_pairs.meaning(changed) == python_pairs.meaning(text) else text + "\n# why\n"


HARMLESS = [
    lambda text, _: ast.unparse(ast.parse(text)) + "\n",
    with_comments,
    lambda text, _: "# why\n\n" + text,
    lambda text, _: text + "\n\n\n# the end\n",
    lambda text, _: text.replace("\n", "\r\n"),
    lambda text, _: text.replace("    ", "  ") if '"""' not in text else text + "\n",
]


def dags(asked):
    """In a fork, so that no module of an earlier text is left."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as file:
            try:
                json.dump(serialised(asked), file)
            except BaseException as error:
                json.dump({path: {"error": str(error)} for path in asked["ask"]}, file)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        answer = file.read()
    os.waitpid(pid, 0)
    return json.loads(answer) if answer else {path: {"error": "it ended the process"} for path in asked["ask"]}


def serialised(asked):
    from airflow.models.dagbag import DagBag
    from airflow.serialization.serialized_objects import SerializedDAG

    with tempfile.TemporaryDirectory() as folder:
        for path, text in asked["files"].items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        for name, value in asked["variables"].items():
            os.environ[f"AIRFLOW_VAR_{name.upper()}"] = value
        os.chdir(folder)
        for root in asked["roots"]:
            sys.path.insert(0, str(Path(folder, root)))
        found = {}
        for path in asked["ask"]:
            bag = DagBag(os.devnull, include_examples=False, collect_dags=False)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                bag.process_file(str(Path(folder, path)), only_if_updated=False)
            errors = [str(error).strip().split("\n")[-1] for error in bag.import_errors.values()]
            told = {dag_id: plain(SerializedDAG.to_dict(dag), folder) for dag_id, dag in bag.dags.items()}
            found[path] = {"error": errors[0]} if errors else told
        return found


def plain(value, folder):
    if isinstance(value, dict):
        return {key: plain(item, folder) for key, item in value.items() if key not in QUIET}
    if isinstance(value, (list, tuple)):
        return [plain(item, folder) for item in value]
    if isinstance(value, str) and value.lstrip().startswith(("def ", "async def ", "@")):
        # Airflow writes some functions down as their text.
        return python_pairs.meaning(textwrap.dedent(value)) or value
    return value.replace(folder, "") if isinstance(value, str) else value


def live(asked):
    files = {path: text for path, text in asked["files"].items() if path.endswith(".py")}
    units = {path: units_of(text) for path, text in files.items()}
    entry, names, found = asked["entry"], set(), {}
    open_files, grew = {entry}, True
    while grew:
        grew = False
        for path in sorted(open_files):
            for at, (own, node) in enumerate(units.get(path) or []):
                key = f"{at} {own}" if not own else own
                if key in found.setdefault(path, {}) or (own and own not in names):
                    continue
                found[path][key] = ast.dump(node)
                grew = True
                names.update(words_in(node))
                open_files.update(imported(node, files, asked["roots"]))
    return {path: {key: tree for key, tree in all_of.items() if key.split(" ")[-1]} for path, all_of in found.items()}


@functools.lru_cache(maxsize=2000)
def units_of(text):
    """Each statement of a text with the name that it defines, an empty one where it defines none."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return [("", ast.Constant(text))]
    for node in ast.walk(tree):
        if isinstance(node, python_pairs.DEFINITIONS) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        if isinstance(node, ast.Constant):
            node.kind = None
    return [(name_of(node), node) for node in tree.body]


def name_of(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def words_in(node):
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr
        elif isinstance(one, ast.alias):
            yield one.name.split(".")[-1]
        elif isinstance(one, ast.keyword) and one.arg:
            yield one.arg


def imported(node, files, roots):
    for one in ast.walk(node):
        if isinstance(one, ast.ImportFrom) and one.module:
            wanted = [one.module, *(f"{one.module}.{alias.name}" for alias in one.names)]
        elif isinstance(one, ast.Import):
            wanted = [alias.name for alias in one.names]
        else:
            continue
        for name in wanted:
            parts = name.split(".")
            for root in roots:
                for depth in range(1, len(parts) + 1):
                    base = "/".join([root, *parts[:depth]]) if root else "/".join(parts[:depth])
                    for path in (f"{base}.py", f"{base}/__init__.py"):
                        if path in files:
                            yield path


def compare_yaml(asked):
    try:
        first, second = (list(yaml.load_all(text, Loader=UniqueKeys)) for text in asked["texts"])
    except yaml.YAMLError:
        return {"differing": None}
    return {"differing": None if names_one_twice(second) else sorted(set(differing(first, second, "")))}


def names_one_twice(value):
    """Two things of one name in a list: `headgate check` refuses them."""
    if isinstance(value, dict):
        return any(map(names_one_twice, value.values()))
    if not isinstance(value, list):
        return False
    names = [one["name"] for one in value if isinstance(one, dict) and isinstance(one.get("name"), str)]
    return len(set(names)) != len(names) or any(map(names_one_twice, value))


def is_reordered(first, second):
    """The same things in another order, which names tell apart."""
    both = isinstance(first, list) and isinstance(second, list) and all(isinstance(one, dict) for one in [*first, *second])
    return both and sorted(map(repr, first)) == sorted(map(repr, second))


def differing(first, second, path):
    if isinstance(first, dict) and isinstance(second, dict):
        for key in [*first, *(key for key in second if key not in first)]:
            if key not in first or key not in second:
                yield f"{path}/{key}"
            else:
                yield from differing(first[key], second[key], f"{path}/{key}")
    elif is_reordered(first, second):
        return
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for at, (one, other) in enumerate(zip(first, second)):
            yield from differing(one, other, f"{path}/{at}")
    elif type(first) is not type(second) or first != second:
        yield path


OPERATIONS = {"mutate": mutate, "dags": dags, "live": live, "yaml": compare_yaml}

if __name__ == "__main__":
    main()
