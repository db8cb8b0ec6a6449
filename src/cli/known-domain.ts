import { readManifest } from "../manifest/canonical.ts";
import { inEnvironment } from "../manifest/environment.ts";
import { exposuresOf } from "../manifest/objects/exposure.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { urlsOf } from "../manifest/urls.ts";
import { compare } from "../text/compare.ts";
import { lenientPlatform } from "./platform.ts";
import type { RecordList } from "./record-ports.ts";

/** Where nobody knows it: no host, so that nothing made of it is taken for an address. */
export const unknownDomain = "<domain>";

/**
 * The domain below which docc names hosts in an environment, where docc has not published it (release/published): it
 * comes out of the addresses that the newest success of an app there has told. Pure.
 */
export function domainIn(environment: string, { applications, releases }: RecordList): string {
  const kept = new Map(releases.map((release) => [release.metadata.name, release]));
  const successes = applications
    .filter(({ spec }) => spec.environment === environment)
    .flatMap(({ status }) => {
      const { manifest = "", release = "" } = status?.current ?? {};
      const { finishedAt = "", verdict } = kept.get(release)?.status ?? {};
      const read = readManifest(manifest);
      return read === undefined ? [] : [{ read, finishedAt, urls: verdict?.urls ?? [] }];
    })
    .toSorted((a, b) => compare(b.finishedAt, a.finishedAt));
  for (const { read, urls } of successes) {
    const found = domainOf(read, environment, urls);
    if (found !== undefined) return found;
  }
  return unknownDomain;
}

/** The one that makes these very addresses of a manifest, where one of its hosts is docc's to name. */
function domainOf(
  manifest: Manifest,
  environment: string,
  urls: readonly string[],
): string | undefined {
  const platform = lenientPlatform(environment);
  const addresses = (domain: string): string => urlsOf(manifest, { ...platform, domain }).join(" ");
  const names = exposuresOf(inEnvironment(manifest, environment), platform).map(({ name }) => name);
  return urls
    .flatMap((url) => (URL.canParse(url) ? [new URL(url).host] : []))
    .flatMap((host) => {
      const name = names.find((each) => host.startsWith(`${each}.`));
      return name === undefined ? [] : [host.slice(name.length + 1)];
    })
    .find(
      (domain) =>
        addresses(domain) === urls.join(" ") && addresses(unknownDomain) !== urls.join(" "),
    );
}
