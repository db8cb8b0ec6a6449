#!/usr/bin/env node
/**
 * Starts `docc`. An older Node is told so before anything is loaded: it could not run the rest, and a pipeline must
 * not take that for a success.
 */
const oldest = 24;

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < oldest) {
  process.stderr.write(
    `docc: It needs Node.js ${oldest} or newer, and this is ${process.version}.\n`,
  );
  process.exitCode = 2;
} else {
  const [{ main }, { processIo }] = await Promise.all([import("./main.ts"), import("./io.ts")]);
  process.exitCode = await main(process.argv.slice(2), processIo());
}
