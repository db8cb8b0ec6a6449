import { rm } from "node:fs/promises";
import { build, type BuildOptions } from "esbuild";

const shared: BuildOptions = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  minify: true,
  sourcemap: true,
  legalComments: "none",
  // Some packages inside are CommonJS and ask for Node's modules by require.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
};

/**
 * One file for the bot: production runs bundles, because client-node's import falls to a third in time and
 * half in memory (docs/performance.md).
 */
await build({ ...shared, entryPoints: { "docc-bot": "src/main.ts" } });

/** The terminal loads what speaks to a cluster from files of its own, when it is asked to. */
await rm("dist/docc", { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: { docc: "src/cli/bin.ts" },
  splitting: true,
  chunkNames: "docc/[name]-[hash]",
});
