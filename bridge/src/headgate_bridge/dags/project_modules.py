"""Which module names belong to the project, whether or not they can be imported from where Airflow looks."""

import os

SKIPPED = {"node_modules", "site-packages", "venv", "env", "dbt_packages", "target", "__pycache__"}
MAX_FOLDERS = 5_000


class ProjectModules:
    """Names near the DAGs: in the dags folder and the folders in it, and two levels below each folder above it."""

    def __init__(self, root: str, dags_folder: str) -> None:
        self.root = root
        self.dags_folder = dags_folder
        self._names: dict[str, str] | None = None

    def holds(self, name: str) -> bool:
        """For a dotted name the second part must be there too: `azure.storage` is not the project's `azure.py`."""
        top, _, rest = name.partition(".")
        folder = self.names().get(top)
        if folder is None or rest == "":
            return folder is not None
        below = os.path.join(self.root, folder, top, rest.split(".")[0])
        return os.path.exists(below) or os.path.exists(below + ".py")

    def folder_of(self, name: str) -> str | None:
        """The root-relative folder that would have to be on sys.path for `import name`."""
        return self.names().get(name)

    def names(self) -> dict[str, str]:
        if self._names is None:
            self._names = self.find_names()
        return self._names

    def find_names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder in folders_from(self.dags_folder, self.root):
            add_names(found, folder, self.root, 1 if folder == self.dags_folder else 2)
        return found


def folders_from(inner: str, root: str) -> list[str]:
    """`inner` and each folder above it that is still in the root, the root last."""
    folders = [inner]
    while folders[-1] != root and folders[-1].startswith(root.rstrip(os.sep) + os.sep):
        folders.append(os.path.dirname(folders[-1]))
    return folders


def add_names(found: dict[str, str], top: str, root: str, max_depth: int) -> None:
    for seen, (folder, subfolders, files) in enumerate(os.walk(top)):
        relative = os.path.relpath(folder, top)
        depth = 0 if relative == "." else relative.count(os.sep) + 1
        subfolders[:] = sorted(name for name in subfolders if is_walked(name) and depth < max_depth)
        modules = [name[:-3] for name in files if name.endswith(".py")]
        if folder == top or "__init__" not in modules:
            for name in modules:
                found.setdefault(name, os.path.relpath(folder, root))
        if modules and folder != top:
            add_package_chain(found, folder, top, root)
        if seen >= MAX_FOLDERS:
            return


def is_walked(name: str) -> bool:
    return not name.startswith(".") and name not in SKIPPED


def add_package_chain(found: dict[str, str], folder: str, top: str, root: str) -> None:
    """A folder with Python in it makes the folders above it importable too, each from the one above it, unless that
    is a package itself: what is in a package is no name of its own."""
    while folder != top:
        above = os.path.dirname(folder)
        if above == top or not os.path.exists(os.path.join(above, "__init__.py")):
            found.setdefault(os.path.basename(folder), os.path.relpath(above, root))
        folder = above
