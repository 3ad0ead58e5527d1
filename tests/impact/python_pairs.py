"""Pairs of Python texts, and whether Python's own tree of both is the same. Docstrings do not count.

Usage: python_pairs.py SEED FILES MUTATIONS EXPRESSIONS [PATH...]
Prints a JSON list of [kind, base, edited, same]; of the kind "refused" are edits that Python does not take in. The texts come from Python's standard library and the given files.
"""

import ast
import glob
import io
import json
import os
import random
import sys
import tokenize

OPERATORS = "+ - * / // % ** << >> & | ^ < > <= >= == != = += := , : . -> @ ~ ( ) [ ] { } ;".split()
WORDS = "and or not is in if else lambda await async yield return pass del None True with raise".split()
PREFIXES = ["not ", "await ", "async ", "*", "-", "~", "yield ", "lambda: "]
INSIDE = ["\\", "x", "{", "}", "{{", "{x}", "\\n", " ", "{x!r}", "{x:>3}", "{x=}", "\\N{DASH}", "'", '"', "%", "#"]
DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def meaning(text):
    """Python's tree as text, without docstrings and the mark of u''; None where it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        if isinstance(node, ast.Constant):
            node.kind = None
    return ast.dump(tree)


def mutated(text, choose):
    lines = text.split("\n")
    kind = choose.random()
    if kind < 0.12:
        at = choose.randrange(len(lines))
        deeper = choose.random() < 0.5
        lines[at] = "    " + lines[at] if deeper else lines[at].removeprefix("    ")
    elif kind < 0.18:
        at = choose.randrange(max(1, len(lines) - 1))
        lines[at : at + 2] = reversed(lines[at : at + 2])
    elif kind < 0.4:
        wrap(lines, text, choose)
    else:
        replace(lines, text, choose)
    return "\n".join(lines)


def wrap(lines, text, choose):
    """Puts parentheses around an expression, or takes them away."""
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.expr)]
    except (SyntaxError, ValueError):
        return
    nodes = [node for node in nodes if node.lineno == node.end_lineno]
    if not nodes:
        return
    node = choose.choice(nodes)
    line = lines[node.lineno - 1].encode()
    before, own, after = line[: node.col_offset], line[node.col_offset : node.end_col_offset], line[node.end_col_offset :]
    wrapped = own.startswith(b"(") and own.endswith(b")")
    new = own[1:-1] if wrapped and choose.random() < 0.4 else b"(" + own + choose.choice([b"", b"", b"", b","]) + b")"
    lines[node.lineno - 1] = (before + new + after).decode(errors="replace")


def replace(lines, text, choose):
    """Replaces one token by something else."""
    wanted = (tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING)
    try:
        tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type in wanted]
    except (tokenize.TokenError, SyntaxError):
        return
    tokens = [token for token in tokens if token.start[0] == token.end[0]]
    if not tokens:
        return
    token = choose.choice(tokens)
    row = token.start[0] - 1
    lines[row] = lines[row][: token.start[1]] + other(token, choose) + lines[row][token.end[1] :]


def other(token, choose):
    written, chance = token.string, choose.random()
    if token.type == tokenize.OP:
        if chance < 0.5:
            return choose.choice(OPERATORS)
        return choose.choice(["", written + ",", written * 2, written + " not ", written + " ", "\\\n" + written])
    if token.type == tokenize.NAME:
        if chance < 0.6:
            return choose.choice([written + "x", choose.choice(WORDS), "", "(" + written + ")"])
        return choose.choice(PREFIXES) + written
    if token.type == tokenize.NUMBER:
        ends = ["0", ".", "_0", "j", "e1", ".0"]
        return choose.choice([written + choose.choice(ends), choose.choice(["0x", "-", "0"]) + written])
    if chance < 0.5:
        return choose.choice(["f", "b", "r", "u", written + " "]) + written
    if chance < 0.65:
        return repr(ast.literal_eval(written)) if not written.lower().startswith(("f", "rf", "fr")) else written
    at = choose.randrange(1, len(written))
    return written[:at] + choose.choice(INSIDE) + written[at:]


def expression(choose, depth):
    """An expression whose parts are few, so that many are written alike."""
    kind = choose.randrange(20)
    if depth == 0 or kind < 2:
        return choose.choice(["a", "b"])

    def part():
        return expression(choose, depth - 1)

    if kind < 8:
        return f"{part()} {choose.choice(['**', '*', '-', '<<', '&', '|', '//'])} {part()}"
    if kind < 10:
        return f"{part()} {choose.choice(['<', 'in', 'not in', 'is not', 'is'])} {part()}"
    if kind < 12:
        return f"{part()} {choose.choice(['and', 'or'])} {part()}"
    if kind < 15:
        return f"{choose.choice(['-', '~', 'not ', 'await ', 'lambda a: '])}{part()}"
    if kind == 15:
        return f"{part()} if {part()} else {part()}"
    if kind == 16:
        shapes = ["f(*{})", "f(k={})", "[*{}]", "x[{}]", "({},)", "(yield {})", "(a := {})", "({}).c", "{}, b", "*{}, b"]
        return choose.choice(shapes).format(part())
    return f"({part()})"


STATEMENTS = ["return {}", "x = {}", "for q in {}: pass", "assert {}", "{}", "if {}: pass", "del {}", "with {}: pass"]


def main():
    seed, files, mutations, expressions = map(int, sys.argv[1:5])
    choose = random.Random(seed)
    library = sorted(glob.glob(os.path.dirname(os.__file__) + "/**/*.py", recursive=True))
    library = [path for path in library if "site-packages" not in path and "lib2to3" not in path]
    choose.shuffle(library)
    print(json.dumps([*whole(sys.argv[5:] + library, files), *edited(library, mutations, choose), *written(expressions, choose)]))


def read(path):
    with open(path, encoding="utf8") as file:
        text = file.read()
    return text if len(text) < 60_000 and meaning(text) is not None else None


def whole(paths, count):
    """Files beside what Python writes for their trees."""
    found = []
    for path in paths:
        if len(found) == count:
            break
        try:
            text = read(path)
        except (OSError, UnicodeDecodeError):
            continue
        if text is not None:
            again = ast.unparse(ast.parse(text))
            found.append(["whole", text, again, meaning(text) == meaning(again)])
    return found


def edited(paths, count, choose):
    found = []
    for path in paths:
        try:
            text = read(path)
        except (OSError, UnicodeDecodeError):
            continue
        if text is None:
            continue
        body = [node for node in ast.parse(text).body if node.end_lineno - node.lineno < 40]
        for node in choose.sample(body, min(12, len(body))):
            lines = text.split("\n")[node.lineno - 1 - len(getattr(node, "decorator_list", [])) : node.end_lineno]
            base = "\n".join(lines) + "\n"
            for _ in range(4):
                new = mutated(base, choose)
                means = meaning(new)
                if new == base or meaning(base) is None:
                    continue
                if means is not None:
                    found.append(["edited", base, new, meaning(base) == means])
                elif choose.random() < 0.5:
                    found.append(["refused", base, new, False])
                if len(found) >= count:
                    return found
    return found


def written(count, choose):
    """Expressions beside the next one that is written otherwise, half of them with the same tree."""
    by_meaning, found, last = {}, [], None
    while len(found) < count:
        text = "async def g():\n    " + choose.choice(STATEMENTS).format(expression(choose, 2)) + "\n"
        means = meaning(text)
        if means is None:
            continue
        twin = by_meaning.setdefault(means, text)
        if twin != text:
            found.append(["written", twin, text, True])
        bare = text.replace("(", "").replace(")", "")
        if bare != text and meaning(bare) is not None:
            found.append(["written", bare, text, meaning(bare) == means])
        if last is not None and meaning(last) != means:
            found.append(["written", last, text, False])
        last = text
    return found


if __name__ == "__main__":
    main()
