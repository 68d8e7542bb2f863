// The version of this command, which is that of all packages of Muster.

import { createRequire } from 'node:module';

/** From the package's own package.json. */
export const { version } = createRequire(import.meta.url)('@muster/cli/package.json') as {
  readonly version: string;
};
