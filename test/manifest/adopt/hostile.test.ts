import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adopt, type Adoption, belongings } from "../../../src/manifest/adopt/adopt.ts";
import { adoptedYaml, adoptionLines } from "../../../src/manifest/adopt/text.ts";
import { findingCodes } from "../../../src/manifest/finding.ts";
import { parseManifest } from "../../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../../src/manifest/platform.ts";
import { belonging, deployment } from "./wild.ts";

/** What only the operator's settings refuse. */
const ofOperator = ["host-not-allowed", "root-not-allowed", "out-of-range", "tls-not-supported"];

/** Whatever came in: a manifest that docc takes, told in text that is safe to show. */
function holds(adoption: Adoption): void {
  const { findings } = parseManifest(JSON.stringify(adoption.manifest), { platform });
  const errors = findings.filter(({ code }) => findingCodes[code].severity === "error");
  const refused = errors.filter(({ code }) => !ofOperator.includes(code));
  expect(refused, JSON.stringify(adoption.manifest)).toEqual([]);

  for (const line of adoptionLines(adoption)) {
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
    expect(line.length).toBeLessThan(500);
  }
  const yaml = parseManifest(adoptedYaml(adoption), { platform });
  const tooLong = yaml.findings.some(({ code }) => code === "too-big");
  if (!tooLong && errors.length === 0) {
    const { manifest } = parseManifest(JSON.stringify(adoption.manifest), { platform });
    expect(yaml.manifest).toEqual(manifest);
  }
}

/** Names, numbers and texts that live objects may have and manifests may not. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    0,
    -1,
    1.5,
    2 ** 53,
    70_000,
    true,
    [],
    {},
    [null],
    [[]],
    "constructor",
    "__proto__",
    "-",
    "a".repeat(64),
    "a".repeat(300),
    "UPPER.case",
    "*.example.com",
    "$(HOST)",
    "\u001b[31mred\u001b[0m\nsecond line",
    "\u202eright to left",
    "# comment",
    "port-8080",
    "/etc/docc/tls/x",
    "registry.example.com/Team/App:tag",
    "@sha256:abc",
    "10Ei",
    "latest",
    { matchLabels: { app: "web" } },
    { name: "web" },
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.anything({ maxDepth: 2 }),
);

type Container = Record<string, unknown> | unknown[];

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** All containers within, with the keys that they have. */
function slots(value: unknown): readonly (readonly [Container, string])[] {
  return isContainer(value)
    ? Object.entries(value).flatMap(([key, member]: [string, unknown]) => [
        [value, key] as const,
        ...slots(member),
      ])
    : [];
}

/** The application as it is found, with some values replaced, doubled or taken away. */
const spoilt = fc
  .array(fc.tuple(fc.nat(), fc.constantFrom("set", "set", "drop", "double"), nasty), {
    minLength: 1,
    maxLength: 8,
  })
  .map((changes) => {
    const objects = structuredClone([deployment, ...belonging]) as unknown[];
    for (const [place, how, value] of changes) {
      const all = slots(objects);
      const [holder, key] = all[place % all.length] ?? [{}, ""];
      if (Array.isArray(holder) && how === "double") {
        holder.push(structuredClone(holder[Number(key)]));
      } else if (how === "drop") {
        Reflect.deleteProperty(holder, key);
      } else {
        Reflect.set(holder, key, value);
      }
    }
    return objects;
  });

describe("adopt", () => {
  it("makes a manifest of an application whose objects are spoilt anywhere", () => {
    fc.assert(
      fc.property(spoilt, ([first, ...others]) => {
        holds(adopt(first, others, { platform }));
        holds(adopt(first, belongings(first, others), { platform }));
      }),
      { numRuns: 400 },
    );
  });

  it("makes a manifest of anything", () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.array(fc.anything()),
        fc.string(),
        (first, others, maintainer) => {
          holds(adopt(first, others, { platform, maintainer }));
          belongings(first, others);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("makes a manifest of what belongs to Object.prototype", () => {
    const polluted: unknown = JSON.parse(
      '{"kind": "Deployment", "metadata": {"name": "__proto__", "labels": {"__proto__": "x"}}, "spec": {"template": {"spec": {"containers": [{"name": "__proto__", "image": "a", "env": [{"name": "__proto__", "value": "b"}]}, {"name": "constructor", "image": "b"}, {"name": "prototype", "image": "c"}]}}}}',
    );
    const adoption = adopt(polluted, [], { platform });
    holds(adoption);
    expect(Object.hasOwn(Object.prototype, "image")).toBe(false);
    expect(Object.keys(Object(adoption.manifest["containers"]) as object)).toEqual([
      "proto",
      "constructor-2",
      "prototype-2",
    ]);
  });

  it("ends soon on the largest objects", () => {
    const many = <Item>(count: number, make: (index: number) => Item): readonly Item[] =>
      Array.from({ length: count }, (_, index) => make(index));
    const env = many(2_000, (index) => ({ name: `V${index}`, value: "$(".repeat(40) }));
    const ports = many(500, (index) => ({ containerPort: index + 1, name: "same" }));
    const containers = many(20, (index) => ({ name: `c${index}`, image: "a", env, ports }));
    const large = {
      kind: "Deployment",
      metadata: { name: "large" },
      spec: { template: { spec: { containers } } },
    };
    // A quadratic step takes minutes, and the runner ends a test long before.
    holds(adopt(large, [], { platform }));
  });
});
