import { z } from 'zod';

/** Marks the fields of a part's settings that name places in the project, so that missing ones can be reported. */
export const placeKinds = z.registry<{ place: 'folder' | 'file' }>();

/** True for a relative path with forward slashes that stays inside the project. `.` is the project itself. */
export function isProjectPath(text: string): boolean {
  return text !== '' && !text.startsWith('/') && !text.includes('\\') && !text.split('/').includes('..');
}

function projectPath(): z.ZodString {
  return z.string().refine(isProjectPath, 'must be a path inside the project, relative to its root');
}

/** A folder of the project, relative to its root. */
export function folderPath(): z.ZodString {
  return projectPath().register(placeKinds, { place: 'folder' });
}

/** A file of the project, relative to its root. */
export function filePath(): z.ZodString {
  return projectPath().register(placeKinds, { place: 'file' });
}

/** `a/b`, `a/b/` and `./a/b` are one folder: `a/b`. The root is the empty text. */
export function normalFolder(path: string): string {
  return path
    .split('/')
    .filter((piece) => piece !== '' && piece !== '.')
    .join('/');
}

/** Whether the file or folder `path` is in `folder` (already normal) or is it. */
export function isInside(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
