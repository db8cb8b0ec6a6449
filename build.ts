import { build } from "esbuild";

/**
 * One file each for the bot and the terminal: production runs bundles, because client-node's import
 * falls to a third in time and half in memory (docs/performance.md).
 */
await build({
  entryPoints: { "docc-bot": "src/main.ts", docc: "src/cli/main.ts" },
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
});
