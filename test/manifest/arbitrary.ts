import fc from "fast-check";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import {
  container,
  podPorts,
  type WrittenContainer,
  type WrittenPort,
} from "./arbitrary/container.ts";
import {
  environments,
  scale,
  type WrittenDifference,
  type WrittenScale,
} from "./arbitrary/environment.ts";
import { exposure, type WrittenIngress } from "./arbitrary/exposure.ts";
import {
  applicationName,
  channel,
  label,
  link,
  linkName,
  maintainer,
  stable,
  team,
  timeout,
} from "./arbitrary/text.ts";

/** A manifest as people may write it, before anything is filled in: plain data. */
export interface Written {
  readonly $schema?: string;
  readonly application: string;
  readonly maintainer: string | readonly string[];
  readonly team?: string;
  readonly scale?: WrittenScale;
  readonly containers: Readonly<Record<string, WrittenContainer>>;
  readonly ingresses?: Readonly<Record<string, WrittenIngress>>;
  readonly auto_tls?: boolean;
  readonly environments?: Readonly<Record<string, WrittenDifference>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly channel?: string;
  readonly deploy?: Readonly<Record<string, unknown>>;
}

/** Valid manifests with every field there is, over the whole grammar of each. */
export const manifests: fc.Arbitrary<Written> = manifestsOn(defaultPlatform);

/** The same for an environment: within its cap and its domains, with root where it allows that. */
export function manifestsOn(platform: Platform): fc.Arbitrary<Written> {
  const { environment, maxScale, domain, domains = [], teamDomains = {}, allowRoot } = platform;
  const allowed = (team = ""): readonly string[] => [
    domain,
    ...domains,
    ...(teamDomains[team] ?? []),
  ];
  return fc
    .tuple(heads(maxScale), pods(allowRoot))
    .chain(([head, containers]) =>
      exposure(head.application, containers, allowed(head.team)).map((exposed) => ({
        ...head,
        containers,
        ...exposed,
      })),
    )
    .chain((manifest) =>
      fc
        .option(environments(manifest, environment, maxScale, allowed(manifest.team)), {
          nil: undefined,
        })
        .map((different) =>
          different === undefined ? manifest : { ...manifest, environments: different },
        ),
    );
}

/** Everything that stands for itself. */
function heads(maxScale: number) {
  return fc.record(
    {
      $schema: fc.constant("https://docc.dev/manifest.schema.json"),
      application: applicationName,
      maintainer: fc.oneof(maintainer, fc.array(maintainer, { minLength: 1, maxLength: 10 })),
      team,
      scale: scale(maxScale),
      links: fc.dictionary(linkName, link, { maxKeys: 4, noNullPrototype: true }),
      channel,
      deploy: fc.record(
        { timeout, stable, auto_rollback: fc.boolean() },
        { requiredKeys: [], noNullPrototype: true },
      ),
    },
    { requiredKeys: ["application", "maintainer"], noNullPrototype: true },
  );
}

/** One to ten containers, mostly few, that share out the ports of their pod. */
function pods(allowRoot: boolean): fc.Arbitrary<Written["containers"]> {
  const names = fc.oneof(
    { arbitrary: fc.uniqueArray(label(63), { minLength: 1, maxLength: 3 }), weight: 9 },
    { arbitrary: fc.uniqueArray(label(63), { minLength: 1, maxLength: 10 }), weight: 1 },
  );
  return fc
    .tuple(names, podPorts)
    .chain(([all, ports]) =>
      fc.tuple(
        ...all.map((name, index) =>
          container(shareOf(ports, index, all.length), allowRoot).map(
            (each) => [name, each] as const,
          ),
        ),
      ),
    )
    .map((entries) => Object.fromEntries(entries));
}

function shareOf(
  ports: readonly WrittenPort[],
  index: number,
  count: number,
): readonly WrittenPort[] {
  return ports.filter((_port, at) => at % count === index);
}

/** The same data with the keys of every object in another order. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => shuffled(item, seed));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(
    ([key, member]) => [key, shuffled(member, seed)] as const,
  );
  const turned = [
    ...entries.slice(seed % entries.length || 0),
    ...entries.slice(0, seed % entries.length || 0),
  ];
  return Object.fromEntries(seed % 2 === 0 ? turned : turned.toReversed());
}
