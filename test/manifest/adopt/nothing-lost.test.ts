import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Platform } from "../../../src/manifest/platform.ts";
import { isObject, type Json } from "../../../src/manifest/reading/tree.ts";
import { translate } from "../../../src/manifest/translate.ts";
import { manifestsOn } from "../arbitrary.ts";
import { manifestOf } from "../goldens.ts";
import { platforms } from "../platforms.ts";
import { adoptAll } from "./live.ts";

type Step = string | number;

/** Every place below a value. */
function placesIn(value: Json, path: readonly Step[] = []): readonly (readonly Step[])[] {
  const children: readonly (readonly [Step, Json])[] = Array.isArray(value)
    ? value.map((item: Json, index): [Step, Json] => [index, item])
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [path, ...children.flatMap(([step, child]) => placesIn(child, [...path, step]))];
}

function valueAt(value: Json, [step, ...rest]: readonly Step[]): Json {
  return step === undefined ? value : valueAt((value as Record<Step, Json>)[step] ?? null, rest);
}

function changed(value: Json, [step, ...rest]: readonly Step[], to: Json): Json {
  if (step === undefined) {
    return to;
  }
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (index === step ? changed(item, rest, to) : item));
  }
  const object = value as Record<string, Json>;
  return { ...object, [step]: changed(object[step] ?? null, rest, to) };
}

const objectsOf = (written: unknown, platform: Platform): readonly Json[] =>
  JSON.parse(
    JSON.stringify(translate(manifestOf(JSON.stringify(written), platform), platform)),
  ) as readonly Json[];

/**
 * Where a change is no loss: what only docc's own objects are found by, and what comes without being
 * asked for. Notes speak of the first.
 */
const unheard = [
  /^\d+\.(?:apiVersion|kind)$/u,
  /^\d+\.metadata\.(?:name|namespace)$/u,
  /\.labels(?:\.|$)/u,
  /\.(?:selector|scaleTargetRef|labelSelector|issuerRef|parentRefs?)(?:\.|$)/u,
  /\.annotations$/u,
] as const;

describe.each(["default", "gateway"] as const)("nothing is lost in silence on %s", (name) => {
  const platform: Platform = platforms[name];
  const manifests = manifestsOn(platform);

  it("when it has a field that nobody knows, at any place", () => {
    fc.assert(
      fc.property(manifests, fc.nat(), (written, seed) => {
        const objects = objectsOf(written, platform);
        const places = placesIn(objects).filter(
          (path) => path.length > 1 && isObject(valueAt(objects, path)),
        );
        const path = places[seed % places.length] ?? [];
        const isSaid = unheard.some((each) => each.test(path.join(".")));
        fc.pre(!isSaid);
        const adoption = adoptAll(
          changed(objects, [...path, "xUnknown"], "something") as unknown as { kind: string }[],
          platform,
        );
        expect(adoption.notExpressed, path.join(".")).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("when a value is another one: the manifest says it, or it is listed", () => {
    fc.assert(
      fc.property(manifests, fc.nat(), fc.nat(), (written, seed, choice) => {
        const objects = objectsOf(written, platform);
        const places = placesIn(objects).filter((path) => isJudged(objects, path));
        const path = places[seed % places.length] ?? [];
        const live = changed(objects, path, another(valueAt(objects, path), choice));
        const adoption = adoptAll(live as unknown as { kind: string }[], platform);
        if (adoption.notExpressed.length === 0) {
          const before = adoptAll(objects as unknown as { kind: string }[], platform);
          expect(adoption.manifest, path.join(".")).not.toEqual(before.manifest);
        }
      }),
      { numRuns: 250 },
    );
  });
});

/** Whether a single value stands there that means something. */
function isJudged(objects: Json, path: readonly Step[]): boolean {
  const value = valueAt(objects, path);
  const isOne = typeof value !== "object" && path.length > 2;
  return isOne && ![...unheard, ...nameless].some((each) => each.test(path.join(".")));
}

const nameless = [
  // Only a name for something in the same object.
  /\.listeners\.\d+\.name$/u,
  // docc takes away all rights, which is more than any.
  /\.capabilities\.drop\./u,
  // Who says which user runs need not say that it is not root.
  /\.securityContext\.runAsNonRoot$/u,
  // A Secret is never written to.
  /\.volumeMounts\.\d+\.readOnly$/u,
  // The only other value is what Kubernetes takes by itself.
  /\.enableServiceLinks$/u,
] as const;

/** A value of the same type that Kubernetes takes nowhere by itself. */
function another(value: Json, choice: number): Json {
  switch (typeof value) {
    case "string":
      return ["other", "/other", "other.example.com", "77Mi", "77m", "other:77"][choice % 6] ?? "";
    case "number":
      return value + 111 + (choice % 50);
    default:
      return value !== true;
  }
}
