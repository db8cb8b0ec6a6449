import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import { inEnvironment, leastScale, mostScale } from "../../src/manifest/environment.ts";
import { hasErrors } from "../../src/manifest/finding.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { treeOf } from "../../src/manifest/reading/tree.ts";
import type { Json } from "../../src/manifest/reading/tree.ts";
import { type DifferingField, standing } from "../../src/manifest/rules/places.ts";
import type { Difference, Manifest } from "../../src/manifest/schema/manifest.ts";
import { manifests } from "./arbitrary.ts";

function read(written: unknown): Manifest {
  const { manifest, findings } = parseManifest(JSON.stringify(written), { platform });
  if (manifest === undefined) {
    throw new Error(JSON.stringify(findings));
  }
  return manifest;
}

const base = {
  application: "shop",
  maintainer: "shop@corp.example.com",
  scale: { min: 2, max: 10, cpu: 60 },
  containers: {
    web: { image: "a", image_tag: "1", ports: [80], cpu: "1", env: { A: "base", B: "base" } },
  },
  ingresses: { shop: { scheme: "http", container_port: 80, hosts: ["shop.example.com"] } },
};
const two = {
  ...base,
  containers: { ...base.containers, worker: { image: "b", image_tag: "1" } },
};

describe("inEnvironment", () => {
  const merged = (production: object, from: object = base) =>
    inEnvironment(read({ ...from, environments: { production } }), "production");

  it.each<[string, object, Manifest["scale"]]>([
    ["nothing", {}, { min: 2, max: 10, cpu: 60 }],
    ["a number", { scale: 4 }, 4],
    ["no copies", { scale: 0 }, 0],
    ["an empty range", { scale: {} }, { min: 2, max: 10, cpu: 60 }],
    ["one end", { scale: { max: 20 } }, { min: 2, max: 20, cpu: 60 }],
    ["both ends", { scale: { min: 1, max: 3 } }, { min: 1, max: 3, cpu: 60 }],
    ["the target", { scale: { cpu: 80 } }, { min: 2, max: 10, cpu: 80 }],
  ])(
    "takes from an environment that says %s of the scale what it leaves out",
    (_what, own, scale) => {
      expect(merged(own).scale).toEqual(scale);
    },
  );

  it("takes a whole range in place of a number", () => {
    const range = { scale: { min: 1, max: 3 } };
    expect(merged(range, { ...base, scale: 5 }).scale).toEqual({ min: 1, max: 3 });
  });

  it("merges variables by name, each of them as a whole", () => {
    const own = { env: { B: { secret: "shop", key: "b" }, C: "" } };
    expect(merged(own).containers["web"]?.env).toEqual({
      A: "base",
      B: { secret: "shop", key: "b" },
      C: "",
    });
  });

  it("means by the short form the only container and the only ingress, by the long one a named", () => {
    const short = { cpu: "2", memory: "1Gi", hosts: ["a.example.com"] };
    const long = {
      containers: { web: { cpu: "2", memory: "1Gi" } },
      ingresses: { shop: { hosts: ["a.example.com"] } },
    };
    expect(merged(short)).toEqual(merged(long));
    expect(merged(short).containers["web"]).toMatchObject({ cpu: "2", memory: "1Gi" });
    expect(merged(short).ingresses["shop"]?.hosts).toEqual(["a.example.com"]);
  });

  it("lets the long form win over the short one", () => {
    const own = {
      cpu: "2",
      env: { A: "short", B: "short" },
      hosts: ["short.example.com"],
      containers: { web: { cpu: "3", env: { A: "long" } } },
      ingresses: { shop: { hosts: ["long.example.com"] } },
    };
    const { containers, ingresses } = merged(own);
    expect(containers["web"]?.cpu).toBe("3");
    expect(containers["web"]?.env).toEqual({ A: "long", B: "short" });
    expect(ingresses["shop"]?.hosts).toEqual(["long.example.com"]);
  });

  it("leaves the other containers alone", () => {
    const { containers } = merged({ containers: { worker: { memory: "1Gi" } } }, two);
    expect(containers["web"]).toEqual(read(two).containers["web"]);
    expect(containers["worker"]?.memory).toBe("1Gi");
  });

  it("leaves a manifest as it is that does not differ there", () => {
    fc.assert(
      fc.property(manifests, (written) => {
        const { environments: _none, ...rest } = read(written);
        expect(inEnvironment(rest, "production")).toEqual(rest);
        expect(inEnvironment(read(written), "nowhere-else")).toEqual(rest);
        const empty = read({ ...written, environments: { lab: {} } });
        expect(inEnvironment(empty, "lab")).toEqual(rest);
      }),
      { numRuns: 200 },
    );
  });

  it("changes nothing the second time, and leaves what it was given alone", () => {
    everywhere((manifest, name) => {
      const before = JSON.stringify(manifest);
      const once = inEnvironment(manifest, name);
      expect(inEnvironment(once, name)).toEqual(once);
      expect(once).not.toHaveProperty("environments");
      expect(JSON.stringify(manifest)).toBe(before);
    });
  });

  it("merges each field on its own", () => {
    everywhere((manifest, name) => {
      const own: Difference = manifest.environments?.[name] ?? {};
      const { environments: _differences, scale: _scale, ...rest } = manifest;
      const here = inEnvironment(manifest, name);
      expect({ ...here, scale: undefined }).toEqual({
        ...rest,
        scale: undefined,
        containers: expectedContainers(manifest, own),
        ingresses: expectedIngresses(manifest, own),
      });
    });
  });

  it("gives what rules/places.ts finds in the text", () => {
    everywhere((manifest, name) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- canonical JSON is JSON
      const root = treeOf(JSON.parse(canonicalManifest(manifest)) as Json);
      const found = (what: DifferingField) => standing(root, name, what)?.node.value;
      const here = inEnvironment(manifest, name);
      for (const [container, { cpu, memory, env }] of Object.entries(here.containers)) {
        expect(found({ field: "cpu", container })).toEqual(cpu);
        expect(found({ field: "memory", container })).toEqual(memory);
        for (const [variable, value] of Object.entries(env ?? {})) {
          expect({ ...object(found({ field: "env", container, variable })) }).toEqual(
            object(value),
          );
        }
      }
      for (const [ingress, { hosts }] of Object.entries(here.ingresses)) {
        expect(found({ field: "hosts", ingress })).toEqual(hosts);
      }
    });
  });

  it("gives a manifest that is valid by itself, with a range in order", () => {
    everywhere((manifest, name) => {
      const here = inEnvironment(manifest, name);
      expect(leastScale(here)).toBeLessThanOrEqual(mostScale(here));
      if (name === platform.environment) {
        const again = parseManifest(canonicalManifest(here), { platform });
        expect(hasErrors(again.findings)).toBe(false);
        expect(again.manifest).toEqual(here);
      }
    });
  });
});

/** Any valid manifest, in each environment that it speaks of. */
function everywhere(check: (manifest: Manifest, environment: string) => void): void {
  const differing = manifests.filter(
    ({ environments = {} }) => Object.keys(environments).length > 0,
  );
  fc.assert(
    fc.property(differing, (written) => {
      const manifest = read(written);
      Object.keys(manifest.environments ?? {}).forEach((name) => check(manifest, name));
    }),
    { numRuns: 200 },
  );
}

function expectedContainers({ containers }: Manifest, own: Difference): Manifest["containers"] {
  const [only, ...others] = Object.keys(containers);
  return Object.fromEntries(
    Object.entries(containers).map(([name, container]) => {
      const long = own.containers?.[name];
      const short = name === only && others.length === 0 ? own : undefined;
      const cpu = long?.cpu ?? short?.cpu ?? container.cpu;
      const memory = long?.memory ?? short?.memory ?? container.memory;
      const envs = [container.env, short?.env, long?.env];
      const env = Object.fromEntries(envs.flatMap((each) => Object.entries(each ?? {})));
      return [
        name,
        {
          ...container,
          ...(cpu === undefined ? {} : { cpu }),
          ...(memory === undefined ? {} : { memory }),
          ...(envs.every((each) => each === undefined) ? {} : { env }),
        },
      ];
    }),
  );
}

function expectedIngresses({ ingresses }: Manifest, own: Difference): Manifest["ingresses"] {
  const [only, ...others] = Object.keys(ingresses);
  return Object.fromEntries(
    Object.entries(ingresses).map(([name, ingress]) => {
      const short = name === only && others.length === 0 ? own.hosts : undefined;
      const hosts = own.ingresses?.[name]?.hosts ?? short ?? ingress.hosts;
      return [name, { ...ingress, ...(hosts === undefined ? {} : { hosts }) }];
    }),
  );
}

/** A value of a variable as an object, so that one without prototype compares by its members. */
function object(value: unknown): object {
  return typeof value === "object" && value !== null ? value : { text: value };
}
