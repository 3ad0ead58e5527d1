"""Runs in dbt's interpreter: `run_dbt.py --vars-of-release JSON <dbt arguments>`. Exit status as dbt's own.

0 done, 1 a model or test failed, 2 dbt could not do it. The release's variables are given under those of the run.
"""

import json
import sys


def main(argv: list) -> int:
    from dbt.cli.main import dbtRunner

    outcome = dbtRunner().invoke(with_variables(argv))
    if outcome.success:
        return 0
    if outcome.exception is not None:
        print(outcome.exception, file=sys.stderr)
        return 2
    return 1


def with_variables(argv: list) -> list:
    """The arguments for dbt, with one --vars that holds the release's variables and, over them, the run's own."""
    import yaml

    variables = json.loads(argv[1])
    rest = []
    words = iter(argv[2:])
    for word in words:
        if word == "--vars":
            variables.update(yaml.safe_load(next(words, "")) or {})
        elif word.startswith("--vars="):
            variables.update(yaml.safe_load(word[len("--vars=") :]) or {})
        else:
            rest.append(word)
    return [*rest, "--vars", json.dumps(variables, sort_keys=True)] if variables else rest


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
