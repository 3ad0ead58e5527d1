import type { ProjectFiles } from '../../model/project-files.ts';

const REQUIREMENTS = /(?:^|\/)(?:[^/]*requirements[^/]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile)$/;

/**
 * Whether the project has a module or package that can be imported by this first name from some folder: then its absence is the
 * project's own fault. A module inside a package goes by the package's name, and what a file of requirements names is installed.
 */
export function ownModules(files: ProjectFiles): (module: string) => boolean {
  const paths = files.entries.map(({ path }) => path);
  const packages = new Set(paths.filter((path) => path.endsWith('/__init__.py')).map(folderOf));
  const names = new Set(paths.filter((path) => path.endsWith('.py')).flatMap((path) => namesOn(path, packages)));
  const requirements = paths.filter((path) => REQUIREMENTS.test(path));
  return (module) => names.has(module) && !requirements.some((path) => isNamed(files.text(path) ?? '', module));
}

/** The names on the way to a file that are first names: those that no package is around. */
function namesOn(path: string, packages: ReadonlySet<string>): string[] {
  const steps = path.slice(0, -'.py'.length).split('/');
  return steps.filter((_, index) => !packages.has(steps.slice(0, index).join('/')));
}

function isNamed(text: string, module: string): boolean {
  const name = module.replaceAll(/[-_.]+/g, '[-_.]+');
  return new RegExp(`^[\\s"']*${name}(?![\\w.-])(?=\\s*(?:[[<>=!~;@"',]|$))`, 'im').test(text);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
