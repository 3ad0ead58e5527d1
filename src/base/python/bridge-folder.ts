import { fileURLToPath } from 'node:url';

/** The Python project that ships with Headgate: its source, its locks, its executables. Absolute, no slash at the end. */
export const bridgeFolder = fileURLToPath(new URL('../../../bridge', import.meta.url));
