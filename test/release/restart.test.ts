import { describe, expect, it } from "vitest";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { type LiveObject, makePlan, type Target } from "../../src/release/plan.ts";
import type { Plan, ReleaseKind } from "../../src/release/release.ts";
import { restartOf, sayRestart } from "../../src/release/restart.ts";
import { manifest } from "../commands/ports.ts";
import { openPolicy, release } from "./releases.ts";

const objects = translate(manifest, defaultPlatform, new Map());
const targets = objects.map((desired): Target => {
  const metadata = { ...desired.metadata, uid: "uid", resourceVersion: "1" };
  const live: LiveObject = { ...desired, metadata };
  return { desired, live, preview: live, conflicts: [] };
});

function planOf(kind: ReleaseKind): Plan {
  return makePlan(
    {
      number: 1,
      manifest,
      manifestText: canonicalManifest(manifest),
      before: manifest,
      targets,
      spec: release(undefined, { kind }).spec,
      warnings: [],
      policy: openPolicy,
      now: 0,
    },
    (text) => Buffer.from(text).toString("hex").slice(0, 64).padEnd(64, "0"),
  );
}

describe("a restart", () => {
  it("says in its plan how many pods it replaces, and nothing else", () => {
    const said = planOf("restart").changes.map(({ kind, action, note }) => [kind, action, note]);
    expect(said).toEqual(
      objects.map(({ kind }) =>
        kind === "Deployment" ? [kind, "change", "restarts 3 pods"] : [kind, "unchanged", ""],
      ),
    );
  });

  it("marks the pod template alone, once for each release", () => {
    const [deployment] = objects.filter(({ kind }) => kind === "Deployment");
    const live = targets.find(({ desired }) => desired === deployment)?.live;
    if (deployment === undefined || live === undefined) throw new Error("there is a Deployment");
    const mark = restartOf(deployment, live, "r7");
    expect(mark?.spec).toEqual({
      template: { metadata: { annotations: { "docc.dev/restarted": "r7" } } },
    });
    expect(restartOf(deployment, undefined, "r7")).toBeUndefined();
    const marked: LiveObject & { readonly spec: unknown } = { ...live, spec: mark?.spec };
    expect(restartOf(deployment, marked, "r7")).toBeUndefined();
    expect(restartOf(deployment, marked, "r8")).toBeDefined();
    for (const other of objects.filter(({ kind }) => kind !== "Deployment")) {
      expect(restartOf(other, live, "r7")).toBeUndefined();
    }
  });

  it.each([
    [{ spec: { replicas: 1 } }, "restarts 1 pod"],
    [{ spec: { replicas: 0 } }, "restarts 0 pods"],
    [{ spec: {} }, "restarts its pods"],
  ])("counts the pods of %o", (live, said) => {
    expect(sayRestart(live)).toBe(said);
  });
});
