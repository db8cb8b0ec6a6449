import { Bench } from "tinybench";
import { parseManifest } from "../src/manifest/parse.ts";
import { defaultPlatform } from "../src/manifest/platform.ts";
import { translate } from "../src/manifest/translate.ts";

/** Bytes to manifest and manifest to objects, on one core, beside JSON.parse of the same bytes. */
export async function benchPure(manifestText: string): Promise<readonly string[]> {
  const bench = new Bench({ time: 1_000 });
  const platform = defaultPlatform;
  const { manifest } = parseManifest(manifestText, { platform });
  if (manifest === undefined) throw new Error("the example is not valid");
  bench
    .add("JSON.parse (floor)", () => void JSON.parse(manifestText))
    .add("parse and check", () => void parseManifest(manifestText, { platform }))
    .add("translate", () => void translate(manifest, platform));
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    const perSecond = "throughput" in result ? result.throughput.mean : Number.NaN;
    return `${name.padEnd(34)}${Math.round(perSecond).toLocaleString("en")} per second`;
  });
}
