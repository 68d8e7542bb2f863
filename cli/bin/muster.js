#!/usr/bin/env node
// Starts the muster command. This file is plain JavaScript so that an old Node can
// read it and say what is wrong, instead of stumbling over TypeScript.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `muster needs Node 22.18 or newer; this is Node ${process.versions.node}. ` +
      'In the Muster repository, "make setup" installs one and "npm run -s muster -- ARGS" uses it.',
  );
  process.exit(2);
}
await import('@muster/cli/main');
