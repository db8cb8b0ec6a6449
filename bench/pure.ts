import { readFile } from "node:fs/promises";
import { Bench } from "tinybench";
import { parseManifest } from "../src/manifest/parse.ts";
import { defaultPlatform } from "../src/manifest/platform.ts";
import { renderYaml } from "../src/manifest/render.ts";
import { translate } from "../src/manifest/translate.ts";

/** Bytes to manifest and manifest to objects, on one core, beside JSON.parse of the same bytes. */
export async function benchPure(files: readonly string[]): Promise<readonly string[]> {
  const bench = new Bench({ time: 1_000 });
  const platform = defaultPlatform;
  for (const file of files) {
    const text = await readFile(file, "utf8");
    const { manifest } = parseManifest(text, { file, platform });
    if (manifest === undefined) throw new Error(`${file} is not valid`);
    const json = JSON.stringify(manifest);
    const objects = translate(manifest, platform);
    bench
      .add(`${file}: JSON.parse (floor)`, () => void JSON.parse(json))
      .add(`${file}: parse and check`, () => void parseManifest(text, { file, platform }))
      .add(`${file}: translate`, () => void translate(manifest, platform))
      .add(`${file}: write as YAML`, () => void renderYaml(objects));
  }
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    const perSecond = "throughput" in result ? result.throughput.mean : Number.NaN;
    return `${name.padEnd(44)}${Math.round(perSecond).toLocaleString("en")} per second`;
  });
}
