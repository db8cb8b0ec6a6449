import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/manifest/objects/objects.ts";
import {
  driftNews,
  driftOf,
  essenceOf,
  isSuspect,
  sayDrift,
  sayWayBack,
  settled,
} from "../../src/release/drift.ts";
import type { LiveObject, Target } from "../../src/release/plan.ts";
import type { ReleaseStatus } from "../../src/release/release.ts";
import { plan, release } from "./releases.ts";

/** What docc owns of the Deployment, as kube-apiserver 1.35 writes it. */
const doccs = {
  "f:metadata": { "f:labels": { "f:app.kubernetes.io/managed-by": {} } },
  "f:spec": {
    "f:replicas": {},
    "f:selector": {},
    "f:template": {
      "f:spec": {
        "f:containers": {
          'k:{"name":"web"}': {
            ".": {},
            "f:name": {},
            "f:image": {},
            "f:args": {},
            "f:env": { 'k:{"name":"LEVEL"}': { ".": {}, "f:name": {}, "f:value": {} } },
          },
        },
      },
    },
  },
};

interface Shape {
  readonly replicas?: number | undefined;
  readonly image?: string;
  readonly env?: readonly object[];
  readonly more?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

const level = { name: "LEVEL", value: "info" };
const extra = { name: "TOKEN", value: "secret-1" };

function shape({ replicas = 3, image = "r.example.com/web:2", env = [level], ...rest }: Shape) {
  const { annotations = {}, more = {} } = rest;
  const container = { name: "web", image, args: ["serve"], env };
  return {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { annotations }, spec: { containers: [container] } },
    ...more,
  };
}

const entry = (manager: string, fieldsV1: unknown, rest: object = {}) => ({
  manager,
  operation: "Update",
  time: "2017-12-06T09:02:03Z",
  fieldsV1,
  ...rest,
});
const doccEntry = entry("docc", doccs, { operation: "Apply", time: "2017-12-06T09:00:00Z" });

const labels = { "app.kubernetes.io/managed-by": "docc" };
const desired: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "apps", labels },
  spec: shape({}),
};

function stored(spec: object, managedFields: readonly unknown[]): LiveObject {
  const metadata = { name: "web", uid: "u", resourceVersion: "5", labels, managedFields };
  const made = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
  return made;
}

function targetOf(live: Shape, entries: readonly unknown[], preview: Shape = {}): Target {
  return {
    desired,
    live: stored(shape(live), [doccEntry, ...entries]),
    preview: stored(shape(preview), [doccEntry]),
    conflicts: [],
  };
}

/** Fields of the container, as a manager owns them. */
const inContainer = (fields: object) => ({
  "f:spec": {
    "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': fields } } },
  },
});
const say = (target: Target): readonly string[] => sayDrift(driftOf([target]));

describe("drift", () => {
  it.each<[what: string, target: Target, said: readonly string[]]>([
    ["nothing, when nothing has changed", targetOf({}, []), []],
    [
      "an image",
      targetOf({ image: "r.example.com/web:1" }, [
        entry("kubectl", inContainer({ "f:image": {} })),
      ]),
      ["Deployment web: container web: image  2 -> 1 (by kubectl, 2017-12-06 09:02 UTC)"],
    ],
    [
      "a scale, of which the API server notes no time",
      targetOf({ replicas: 5 }, [
        entry(
          "kubectl",
          { "f:spec": { "f:replicas": {} } },
          { subresource: "scale", time: undefined },
        ),
      ]),
      ["Deployment web: replicas  3 -> 5 (by kubectl)"],
    ],
    [
      "a variable that was added, without its value",
      targetOf(
        { env: [level, extra] },
        [
          entry(
            "kubectl-edit",
            inContainer({ "f:env": { 'k:{"name":"TOKEN"}': { ".": {}, "f:value": {} } } }),
          ),
        ],
        { env: [level, extra] },
      ),
      ["Deployment web: container web: env TOKEN  added (by kubectl-edit, 2017-12-06 09:02 UTC)"],
    ],
    [
      "a variable that was removed, which nobody owns then",
      targetOf({ env: [] }, []),
      ["Deployment web: container web: env LEVEL  removed (by somebody)"],
    ],
    [
      "nothing that was there before docc applied last",
      targetOf(
        { more: { paused: true } },
        [entry("helm", { "f:spec": { "f:paused": {} } }, { time: "2017-12-06T08:59:59Z" })],
        { more: { paused: true } },
      ),
      [],
    ],
    [
      "nothing that the cluster's own machinery adds",
      targetOf(
        { more: { paused: true } },
        [entry("kube-controller-manager", { "f:spec": { "f:paused": {} } })],
        { more: { paused: true } },
      ),
      [],
    ],
    [
      "not what a webhook adds to any apply since the last one",
      targetOf({}, [], { more: { paused: true }, env: [level, extra] }),
      [],
    ],
    [
      "not what cert-manager changes for a moment",
      targetOf({ replicas: 5 }, [
        entry("cert-manager-challenges", { "f:spec": { "f:replicas": {} } }),
      ]),
      [],
    ],
    [
      "a whole that is owned as one value",
      targetOf({ more: { selector: { matchLabels: { app: "other" } } } }, [
        entry("helm", { "f:spec": { "f:selector": {} } }),
      ]),
      ["Deployment web: selector.matchLabels.app  web -> other (by helm, 2017-12-06 09:02 UTC)"],
    ],
  ])("is %s", (_what, target, said) => {
    expect(say(target)).toEqual(said);
  });

  it("leaves out restarts by kubectl and by docc", () => {
    const annotations = {
      "kubectl.kubernetes.io/restartedAt": "2017-12-06T09:02:03Z",
      "docc.dev/restarted": "web-1",
    };
    const keys = Object.keys(annotations).map((key) => [`f:${key}`, {}] as const);
    const fields = {
      "f:spec": {
        "f:template": {
          "f:metadata": { "f:annotations": { ".": {}, ...Object.fromEntries(keys) } },
        },
      },
    };
    const by = [entry("kubectl-rollout", fields)];
    expect(say(targetOf({ annotations }, by, { annotations }))).toEqual([]);
    const other = { ...annotations, "example.com/mine": "1" };
    fields["f:spec"]["f:template"]["f:metadata"]["f:annotations"] = {
      ".": {},
      ...Object.fromEntries([...keys, ["f:example.com/mine", {}]]),
    };
    expect(say(targetOf({ annotations: other }, by, { annotations: other }))).toEqual([
      "Deployment web: pod annotation example.com/mine  added: 1 (by kubectl-rollout, 2017-12-06 09:02 UTC)",
    ]);
  });

  it("leaves the number of copies to an autoscaler", () => {
    const { replicas: _replicas, ...spec } = shape({});
    const { "f:replicas": _owned, ...rest } = doccs["f:spec"];
    const docc = entry("docc", { "f:spec": rest }, { operation: "Apply" });
    const by = entry("kubectl-edit", { "f:spec": { "f:replicas": {} } });
    const live = stored(shape({ replicas: 9 }), [docc, by]);
    const preview = stored(shape({ replicas: 9 }), [docc]);
    const target = { desired: { ...desired, spec }, live, preview, conflicts: [] };
    expect(say(target)).toEqual([]);
    expect(say({ ...target, desired })).toHaveLength(1);
  });

  it("compares what docc sets alone where no dry run is possible", () => {
    const image = "r.example.com/web:1";
    const by = [entry("kubectl", inContainer({ "f:image": {} }))];
    const live = stored(shape({ image, more: { revisionHistoryLimit: 10 }, env: [] }), [
      // Whoever changes a field takes it.
      entry("docc", inContainer({ "f:env": { 'k:{"name":"LEVEL"}': { ".": {} } } }), {
        operation: "Apply",
      }),
      ...by,
    ]);
    expect(say({ desired, live, preview: undefined, conflicts: [] })).toEqual([
      "Deployment web: container web: image  2 -> 1 (by kubectl, 2017-12-06 09:02 UTC)",
    ]);
  });

  it("is an object that is gone", () => {
    const gone = { desired, live: undefined, preview: undefined, conflicts: [] };
    expect(say(gone)).toEqual(["Deployment web: deleted by somebody"]);
  });

  it("reads any nonsense without harm, and shows no control characters", () => {
    const nonsense = [
      null,
      "x",
      {},
      entry("\u001b[31mred\u202e", inContainer({ "f:image": "x" })),
      entry("a", { "f:spec": { "k:{": {}, "v:": {}, "i:x": {}, "f:__proto__": {} } }),
      entry("b", "f:spec", { time: "yesterday" }),
    ];
    const [line = ""] = say(targetOf({ image: "r.example.com/web:1" }, nonsense));
    expect(line).toBe(
      "Deployment web: container web: image  2 -> 1 (by red, 2017-12-06 09:02 UTC)",
    );
  });

  it("has an essence that the times of the hands do not move, and the hands do", () => {
    const at = (manager: string, time: string) =>
      essenceOf(
        driftOf([
          targetOf({ image: "r.example.com/web:1" }, [
            entry(manager, inContainer({ "f:image": {} }), { time }),
          ]),
        ]),
      );
    const first = at("kubectl", "2017-12-06T09:02:03Z");
    expect(at("kubectl", "2017-12-06T10:00:00Z")).toBe(first);
    expect(at("helm", "2017-12-06T09:02:03Z")).not.toBe(first);
  });

  it("says so many fields, and counts the rest", () => {
    const env = Array.from({ length: 30 }, (_, at) => ({ name: `V${at}`, value: "1" }));
    const owned = Object.fromEntries(env.map(({ name }) => [`k:{"name":"${name}"}`, { ".": {} }]));
    const all = entry("docc", inContainer({ "f:env": owned }), { operation: "Apply" });
    const lines = say({ ...targetOf({ env: [] }, []), preview: stored(shape({ env }), [all]) });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("and 10 more fields");
  });

  /** The head of an app whose last release succeeded, or did not. */
  const headOf = (applied: number, current?: number) => {
    const named = (revision: number) => ({ release: `r${revision}`, revision, manifest: "{}" });
    const last = current === undefined ? {} : { current: named(current) };
    const status = { nextRevision: 10, inventory: [], applied: named(applied), ...last };
    return { spec: { app: "web", environment: "production" }, status };
  };
  const web = headOf(9, 9);

  it("goes on from what worked when the last release did not", () => {
    const undone = driftOf([targetOf({ image: "r.example.com/web:1" }, [])]);
    expect(sayWayBack(undone, headOf(9, 8))).toEqual([
      "Revision 9 did not succeed: /docc rollback web in=production returns to revision 8, the last that did.",
    ]);
    const first =
      "/docc deploy web in=production puts it back; to keep it, put it in the manifest.";
    expect(sayWayBack(undone, headOf(1))).toEqual([first]);
    expect(sayWayBack(undone, web)).toEqual([first]);
  });

  it("promises no way back for what docc's apply leaves alone", () => {
    const paused = targetOf(
      { more: { paused: true } },
      [entry("kubectl-rollout", { "f:spec": { "f:paused": {} } })],
      { more: { paused: true } },
    );
    expect(sayWayBack(driftOf([paused]), web)).toEqual([
      "What was added stays when docc deploys: whoever added it takes it away.",
    ]);
    const gone = { desired, live: undefined, preview: undefined, conflicts: [] };
    expect(sayWayBack(driftOf([gone]), web)).toEqual([
      "/docc deploy web in=production puts it back; to keep it, put it in the manifest.",
    ]);
  });

  it("says what must be put back before docc may: without its labels an object is not docc's", () => {
    const target = targetOf({}, []);
    const live = target.live && {
      ...target.live,
      metadata: { ...target.live.metadata, labels: {} },
    };
    expect(sayWayBack(driftOf([{ ...target, live }]), web)).toEqual([
      "Put app.kubernetes.io/managed-by back by hand first: by it docc knows what is its own.",
      "/docc deploy web in=production puts it back; to keep it, put it in the manifest.",
    ]);
  });

  it("is told once, told again when it is another one, and told when it is mended", () => {
    const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
    const by = [entry("kubectl", inContainer({ "f:image": {} }))];
    const drift = (tag: string) => driftOf([targetOf({ image: `r.example.com/web:${tag}` }, by)]);
    const note = (tag: string) => {
      const news = driftNews(undefined, drift(tag), "r1", hash);
      return news?.type === "drifted" ? { ...news.note, at: "" } : undefined;
    };
    expect(driftNews(undefined, [], "r1", hash)).toBeUndefined();
    expect(note("1")?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(driftNews(note("1"), drift("1"), "r1", hash)).toBeUndefined();
    expect(driftNews(note("1"), drift("3"), "r1", hash)).toEqual({
      type: "drifted",
      note: { hash: note("3")?.hash },
    });
    expect(driftNews(note("1"), [], "r2", hash)).toEqual({ type: "mended", leftovers: false });
  });

  it("that was added may be there still when a release has come, and is gone when none has", () => {
    const paused = targetOf(
      { more: { paused: true } },
      [entry("kubectl-rollout", { "f:spec": { "f:paused": {} } })],
      { more: { paused: true } },
    );
    const news = driftNews(undefined, driftOf([paused]), "r1", (text) => text);
    if (news?.type !== "drifted") throw new Error("it is drift");
    expect(news.note.beside).toBe("r1");
    const told = { ...news.note, at: "" };
    expect(driftNews(told, [], "r1", () => "")).toEqual({ type: "mended", leftovers: false });
    expect(driftNews(told, [], "r2", () => "")).toEqual({ type: "mended", leftovers: true });
  });

  it("is told once where an autoscaler that is not docc's moves a scale on and on", () => {
    const scale = { "f:spec": { "f:replicas": {} } };
    const at = (replicas: number, manager: string) =>
      essenceOf(
        driftOf([targetOf({ replicas }, [entry(manager, scale, { subresource: "scale" })])]),
      );
    expect(at(5, "kube-controller-manager")).toBe(at(7, "kube-controller-manager"));
    expect(at(5, "kubectl")).not.toBe(at(7, "kubectl"));
  });

  it.each<[string, LiveObject | undefined, boolean]>([
    ["as docc made it", targetOf({}, []).live, false],
    [
      "which the cluster's machinery has written",
      targetOf({}, [entry("kube-controller-manager", {})]).live,
      false,
    ],
    ["whose scale is another one", targetOf({ replicas: 5 }, []).live, true],
    ["in which somebody has written since", targetOf({}, [entry("kubectl", {})]).live, true],
    ["that is gone", undefined, true],
  ])("is looked for in an object %s: %#", (_what, live, is) => {
    expect(isSuspect(desired, live)).toBe(is);
  });
});

describe("what is compared", () => {
  const rollout = { name: "web", uid: "u", generation: 1, templateHash: "h" };
  const done: ReleaseStatus = { phase: "succeeded", revision: 1, plan, rollout, transitions: [] };
  const { rollout: _rollout, ...half } = done;
  const applied = { release: release().metadata.name, revision: 1, manifest: "{}" };
  const head = { nextRevision: 2, inventory: [], applied };

  it.each([
    ["what was applied last", head, release(done), true],
    ["nothing before the first deploy", { nextRevision: 1, inventory: [] }, undefined, false],
    ["nothing when the record is gone", head, undefined, false],
    ["nothing when not every object was applied", head, release(half), false],
    ["nothing while a release is in flight", { ...head, inFlight: "r2" }, release(done), false],
  ] as const)("is %s", (_what, status, last, isThere) => {
    expect(settled(status, last)).toBe(isThere ? plan : undefined);
  });
});
