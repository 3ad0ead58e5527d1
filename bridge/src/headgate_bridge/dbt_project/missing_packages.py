"""Parses projects whose packages nobody has fetched."""

from typing import Any


def leave_out_missing_packages(warnings: list[dict[str, Any]]) -> None:
    """Packages that nobody has fetched (`dbt deps`) count as empty, with a warning: the project's own nodes are
    still found, because dbt takes an unknown macro for nothing while it parses."""
    from dbt.config.runtime import RuntimeConfig

    original = getattr(RuntimeConfig.load_dependencies, "headgate_original", RuntimeConfig.load_dependencies)

    def load(self: Any, base_only: bool = False) -> Any:
        wanted, found = len(self.packages.packages), len(tuple(self._get_project_directories()))
        if not base_only and wanted > found:
            message = f"{wanted - found} of {wanted} packages are not installed: run `dbt deps`"
            warnings.append({"message": message, "path": self.packages_specified_path, "line": None})
            self.packages.packages = []
            take_unknown_macros_for_nothing()
        return original(self, base_only)

    load.headgate_original = original  # type: ignore[attr-defined]
    RuntimeConfig.load_dependencies = load


def take_unknown_macros_for_nothing() -> None:
    """dbt does so in models; in macros an unknown name is Jinja's own Undefined, which is made as patient here."""
    import jinja2

    def itself(self: Any, *_args: Any, **_kwargs: Any) -> Any:
        return self

    def attribute(self: Any, name: str) -> Any:
        if name[:2] == name[-2:] == "__":
            raise AttributeError(name)
        return self

    failing = jinja2.Undefined._fail_with_undefined_error
    numbers = ("__int__", "__float__", "__complex__")
    for name, value in list(vars(jinja2.Undefined).items()):
        if value is failing and name not in numbers:
            setattr(jinja2.Undefined, name, itself)
    jinja2.Undefined.__getattr__ = attribute  # type: ignore[method-assign]
