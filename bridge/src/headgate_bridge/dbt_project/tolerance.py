"""Makes dbt go on where it would stop at the first mistake, so that one mistake does not hide the rest of a project."""

from collections.abc import Sequence
from typing import Any

from .messages import describe_message


def hide(paths: Sequence[str]) -> None:
    """Files that dbt is not to see, as if they were named in the project's .dbtignore."""
    import pathspec
    from dbt.parser import read_files

    original = getattr(read_files.generate_dbt_ignore_spec, "headgate_original", read_files.generate_dbt_ignore_spec)
    hidden = pathspec.PathSpec.from_lines("gitwildmatch", ["/" + path for path in paths])

    def generate(project_root: str) -> Any:
        own = original(project_root)
        return hidden if own is None else own + hidden

    generate.headgate_original = original  # type: ignore[attr-defined]
    read_files.generate_dbt_ignore_spec = generate


def collect_missing_targets(errors: list[dict[str, Any]], root: str) -> None:
    """A ref or source that leads nowhere is entered in `errors`; its node stays, without that edge."""
    from dbt.parser import manifest

    original = getattr(
        manifest.invalid_target_fail_unless_test, "headgate_original", manifest.invalid_target_fail_unless_test
    )

    def collect(*args: Any, **kwargs: Any) -> None:
        try:
            original(*args, **kwargs)
        except Exception as error:
            errors.append(describe_message(str(error), root))
            node = args[0] if args else kwargs.get("node")
            # dbt has just switched it off; what refers to it in turn is not at fault.
            node.config.enabled = True

    collect.headgate_original = original  # type: ignore[attr-defined]
    manifest.invalid_target_fail_unless_test = collect
