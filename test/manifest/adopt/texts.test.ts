import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adopt, belongings } from "../../../src/manifest/adopt/adopt.ts";
import { expanded } from "../../../src/manifest/adopt/expansion.ts";
import { defaultPullPolicy, referenceOf } from "../../../src/manifest/adopt/image.ts";
import { amountOf, cpuOf, memoryOf } from "../../../src/manifest/adopt/quantity.ts";
import { adoptedJson, adoptedYaml, adoptionLines } from "../../../src/manifest/adopt/text.ts";
import { madeName } from "../../../src/manifest/made-name.ts";
import { literal } from "../../../src/manifest/objects/literal.ts";
import { defaultPlatform as platform } from "../../../src/manifest/platform.ts";
import { belonging, deployment, neighbours } from "./wild.ts";

describe("a text of a container", () => {
  const names = { names: new Set(["A", "B.c"]), hasMore: false };

  it.each<readonly [string, string, boolean]>([
    ["plain", "plain", false],
    ["$A ${A} $", "$A ${A} $", false],
    ["$$", "$", false],
    ["$$$", "$$", false],
    ["$$(A)", "$(A)", false],
    ["$$$(A)", "$$(A)", true],
    ["$(A)", "$(A)", true],
    ["$(B.c)", "$(B.c)", true],
    ["$(date +%s)", "$(date +%s)", false],
    ["$(UNKNOWN)", "$(UNKNOWN)", false],
    ["$(WEB_SERVICE_HOST)", "$(WEB_SERVICE_HOST)", true],
    ["$(A", "$(A", false],
    ["$()", "$()", false],
    ["$(x\ny)", "$(x\ny)", false],
  ])("%j reaches a process as %j", (written, text, hasVariable) => {
    expect(expanded(written, names)).toEqual({ text, hasVariable });
  });

  it("may have any variable where more come from elsewhere", () => {
    const more = { names: new Set<string>(), hasMore: true };
    expect(expanded("$(UNKNOWN)", more).hasVariable).toBe(true);
    expect(expanded("$(date +%s)", more).hasVariable).toBe(false);
  });

  it("comes back from what docc writes for it, whatever it is", () => {
    const text = fc.string({ unit: fc.constantFrom("$", "(", ")", "A", " ", "é"), maxLength: 12 });
    fc.assert(
      fc.property(text, (any) => {
        expect(expanded(literal(any), names)).toEqual({ text: any, hasVariable: false });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a quantity", () => {
  it.each([
    ["1", 1],
    ["1.5", 1.5],
    [".5", 0.5],
    ["-1", -1],
    ["+1", 1],
    ["100m", 0.1],
    ["1k", 1_000],
    ["1Ki", 1_024],
    ["1e3", 1_000],
    ["1E3", 1_000],
    ["2E", 2e18],
    [3, 3],
    ["", undefined],
    ["1KI", undefined],
    ["one", undefined],
    [null, undefined],
  ])("%j amounts to %j", (quantity, amount) => {
    expect(amountOf(quantity)).toBe(amount);
  });

  it.each([
    ["250m", "250m"],
    ["0.25", "0.25"],
    ["0.0005", undefined],
    ["250000u", "250m"],
    ["1e-1", "100m"],
    ["0", undefined],
    ["1k", undefined],
  ])("%j of cpu is %j in a manifest", (quantity, written) => {
    expect(cpuOf(quantity)).toBe(written);
  });

  it.each([
    ["512Mi", "512Mi"],
    ["0.5Gi", "0.5Gi"],
    ["536870912", "512Mi"],
    [536_870_912, "512Mi"],
    ["1G", "1G"],
    ["1000000000", "1G"],
    ["8e6", "8M"],
    ["1Pi", undefined],
    ["64Ti", "64Ti"],
    ["134217729", "134217.729k"],
    ["1Ki", undefined],
    ["128974848000m", "123Mi"],
  ])("%j of memory is %j in a manifest", (quantity, written) => {
    expect(memoryOf(quantity)).toBe(written);
  });
});

describe("a reference of an image", () => {
  it.each([
    ["nginx", "nginx", undefined, undefined],
    ["nginx:1", "nginx", "1", undefined],
    ["localhost:5000/a", "localhost:5000/a", undefined, undefined],
    ["localhost:5000/a:1", "localhost:5000/a", "1", undefined],
    ["a@sha256:b", "a", undefined, "sha256:b"],
    ["a:1@sha256:b", "a", "1", "sha256:b"],
    ["", "", undefined, undefined],
  ])("%j is taken apart", (image, repository, tag, digest) => {
    expect(referenceOf(image)).toEqual({ repository, tag, digest });
  });

  it("is pulled by default as Kubernetes has it", () => {
    expect(
      ["a", "a:latest", "a:1", "a@sha256:b", "a:latest@sha256:b"].map(defaultPullPolicy),
    ).toEqual(["Always", "Always", "IfNotPresent", "IfNotPresent", "Always"]);
  });
});

describe("a name is made of", () => {
  it.each([
    ["My Shop", "my-shop"],
    ["Café_2017", "cafe-2017"],
    ["2017-shop", "shop"],
    ["--a--", "a"],
    ["日本", "app"],
    ["", "app"],
    ["a".repeat(60), "a".repeat(50)],
    [`${"a".repeat(49)}-b`, "a".repeat(49)],
  ])("%j", (text, name) => {
    expect(madeName(text, 50, "app")).toBe(name);
  });
});

describe("an adoption is told", () => {
  const all = belongings(deployment, [...neighbours, ...belonging]);
  const adoption = adopt(deployment, all, { platform });

  it("as its golden file", async () => {
    await expect(adoptedYaml(adoption)).toMatchFileSnapshot("golden/wild.yaml");
  });

  it("in JSON without comments", () => {
    const { $schema, ...manifest } = JSON.parse(adoptedJson(adoption)) as Record<string, unknown>;
    expect($schema).toBe("./manifest.schema.json");
    expect(manifest).toEqual(adoption.manifest);
  });

  it("in so many lines and no more", () => {
    const notExpressed = Array.from({ length: 300 }, (_, index) => ({
      path: `Deployment/web spec.a[${index}]`,
      why: index === 0 ? `a\n\u001b[31m${"b".repeat(1_000)}` : "b.",
    }));
    const lines = adoptionLines({ manifest: {}, notes: [], notExpressed });
    expect(lines).toHaveLength(202);
    expect(lines[1]).toMatch(/^- Deployment\/web spec\.a\[0\]: a b+…$/u);
    expect(lines.at(-1)).toBe("- and 100 more");
  });
});
