import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import type { KubernetesObject } from "../../src/manifest/objects/objects.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import { takesOf } from "../../src/release/adoption.ts";
import { readDiff } from "../../src/release/diff/diff.ts";
import { alike } from "../../src/release/pins.ts";
import {
  changedPaths,
  isForeign,
  type LiveObject,
  makePlan,
  refOf,
  tagOf,
  type Target,
} from "../../src/release/plan.ts";
import type { Plan } from "../../src/release/release.ts";
import { startedAt } from "./cluster.ts";
import { crdSchema, schemaAt, violations } from "./crd-schema.ts";
import { openPolicy, release } from "./releases.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

const before: Manifest = {
  application: "kubecon-2017",
  scale: 3,
  auto_tls: false,
  ingresses: { "kubecon-2017": { scheme: "http", container_port: 8080 } },
  containers: {
    kubecon: { image: "registry.example.com/kubecon", image_tag: "2017", ports: [8080] },
  },
  maintainer: ["dev@example.com"],
};

function tagged(tag: string, rest: Partial<Manifest> = {}): Manifest {
  const image = "registry.example.com/kubecon";
  return { ...before, containers: { kubecon: { image, image_tag: tag, ports: [8080] } }, ...rest };
}

const labels = {
  "app.kubernetes.io/managed-by": "docc",
  "app.kubernetes.io/instance": "kubecon-2017",
};

function desired(spec: unknown, kind = "Deployment"): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "kubecon-2017", namespace: "web", labels },
    spec,
  };
}

/** As the API server has it: with defaults, a status, and marks that move by themselves. */
function live(
  spec: object,
  rest: { uid?: string; generation?: number; annotations?: Record<string, string> } = {},
): LiveObject {
  const metadata = {
    name: "kubecon-2017",
    namespace: "web",
    labels,
    uid: rest.uid ?? "uid-1",
    resourceVersion: String(rest.generation ?? 1),
    generation: rest.generation ?? 1,
    ...(rest.annotations === undefined ? {} : { annotations: rest.annotations }),
  };
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: { revisionHistoryLimit: 10, ...spec },
    status: { replicas: rest.generation ?? 1 },
  };
  return object;
}

function podSpec(container: object, replicas = 3): object {
  return { replicas, template: { spec: { containers: [{ name: "kubecon", ...container }] } } };
}

/** From one container to another, as a dry run shows it. */
function target(from: object, to: object, rest: Partial<Target> = {}): Target {
  return { desired: desired(to), live: live(from), preview: live(to), conflicts: [], ...rest };
}

function planOf(
  targets: readonly Target[],
  rest: Partial<Parameters<typeof makePlan>[0]> = {},
): Plan {
  const manifest = rest.manifest ?? tagged("2018");
  return makePlan(
    {
      number: 1,
      manifest,
      manifestText: canonicalManifest(manifest),
      before,
      targets,
      spec: release().spec,
      warnings: [],
      policy: openPolicy,
      now: startedAt,
      ...rest,
    },
    hash,
  );
}

const old = podSpec({ image: "kubecon:2017" });
const next = podSpec({ image: "kubecon:2018" });

describe("a plan in words", () => {
  const note = (from: object, to: object): string | undefined =>
    planOf([target(from, to)]).changes[0]?.note;

  it("says what changes, in the words of the manifest", () => {
    expect(note(old, next)).toBe("image");
    expect(note(old, podSpec({ image: "kubecon:2018" }, 5))).toBe("scale, image");
    expect(note(old, podSpec({ image: "kubecon:2017", ports: [{ containerPort: 8080 }] }))).toBe(
      "ports",
    );
    expect(note(old, podSpec({ image: "kubecon:2017", env: [{ name: "A", value: "1" }] }))).toBe(
      "env",
    );
    expect(note({ ports: [{ port: 80 }] }, { ports: [{ port: 81 }] })).toBe("ports");
    expect(note({ rules: [{ host: "a" }] }, { rules: [{ host: "b" }] })).toBe("hosts and paths");
    expect(note({ tls: [] }, { tls: [{ hosts: ["a"] }] })).toBe("hosts and paths");
    const two = { replicas: 3, template: { spec: { containers: [{ name: "a" }, { name: "b" }] } } };
    expect(note(old, two)).toBe("containers");
  });

  it("names a field it has no word for by its path", () => {
    expect(note({ minReadySeconds: 5 }, { minReadySeconds: 6 })).toBe("spec.minReadySeconds");
  });

  it("says create for what is not there, and unchanged for what stays", () => {
    const made = planOf([
      { desired: desired(next), live: undefined, preview: live(next), conflicts: [] },
      target(old, old),
    ]);
    expect(made.changes.map(({ action, note: said }) => [action, said])).toEqual([
      ["create", ""],
      ["unchanged", ""],
    ]);
  });

  it("is unchanged when only docc's stamps, the status or the API server's marks differ", () => {
    const stamps = (revision: string) => ({
      "docc.dev/release": revision,
      "kubernetes.io/change-cause": `docc ${revision}`,
      "deployment.kubernetes.io/revision": revision,
    });
    const moved = target(old, old, {
      live: live(old, { generation: 7, annotations: stamps("7") }),
      preview: live(old, { generation: 8, annotations: stamps("8") }),
    });
    expect(planOf([moved]).changes[0]?.action).toBe("unchanged");
  });

  it("is a change when somebody's annotation goes", () => {
    const moved = target(old, old, { live: live(old, { annotations: { "example.com/a": "1" } }) });
    expect(planOf([moved]).changes[0]).toMatchObject({ action: "change", note: "annotations" });
  });

  it("names each object by what it is", () => {
    const ref = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "web",
      name: "kubecon-2017",
    };
    expect(refOf(desired(next))).toEqual(ref);
    expect(planOf([target(old, next)]).changes[0]).toMatchObject(ref);
  });

  it("goes from one tag to the other, and from nothing at first", () => {
    expect(planOf([])).toMatchObject({ from: "2017", to: "2018" });
    expect(planOf([], { before: undefined })).toMatchObject({ from: "" });
  });

  it("says the tags of several containers once when they agree", () => {
    const image = { image: "registry.example.com/web", ports: [] };
    const manifest = (one: string, two: string) =>
      tagged("", {
        containers: { a: { ...image, image_tag: one }, b: { ...image, image_tag: two } },
      });
    expect(tagOf(manifest("1", "1"))).toBe("1");
    expect(tagOf(manifest("1", "2"))).toBe("1, 2");
  });
});

describe("the risks of a plan", () => {
  const risks = (manifest: Manifest, from: Manifest | undefined = before): readonly string[] =>
    planOf([], { manifest, before: from }).risks;

  it("are none for another tag", () => {
    expect(risks(tagged("2018"))).toEqual([]);
    expect(risks(tagged("2018"), undefined)).toEqual([]);
  });

  it("are fewer pods, and none at all", () => {
    expect(risks(tagged("2018", { scale: 1 }))).toEqual(["scales down from 3 to 1"]);
    expect(risks(tagged("2018", { scale: 5 }))).toEqual([]);
    expect(risks(tagged("2018", { scale: 0 }))).toEqual([
      "scales down from 3 to 0",
      "no pod will run",
    ]);
  });

  it("are a tag that moves", () => {
    expect(risks(tagged("latest"))).toEqual(["the tag latest can change under the same name"]);
  });

  it.each<[string, object, object, readonly string[]]>([
    [
      "memory without a limit",
      { resources: { limits: { memory: "1Gi" } } },
      {},
      ["no memory limit any more for kubecon"],
    ],
    [
      "a file system that is not read only any more",
      { securityContext: { readOnlyRootFilesystem: true } },
      { securityContext: { readOnlyRootFilesystem: false } },
      ["kubecon may write to its own file system"],
    ],
    ["root", {}, { securityContext: { runAsNonRoot: false } }, ["kubecon may run as root"]],
    [
      "nothing where it was so before",
      { securityContext: { runAsNonRoot: false } },
      { securityContext: { runAsNonRoot: false } },
      [],
    ],
  ])("are %s", (_what, from, to, expected) => {
    const made = planOf([target(podSpec(from), podSpec(to))], { manifest: tagged("2017") });
    expect(made.risks).toEqual(expected);
  });

  it("are hosts of an ingress that stays, unless another one answers to them", () => {
    const rules = (...hosts: string[]) => ({ rules: hosts.map((host) => ({ host })) });
    const ingress = (from: object, to: object): Target => ({
      ...target(from, to),
      desired: desired(to, "Ingress"),
      live: { ...live(from), kind: "Ingress" },
    });
    const made = planOf([
      ingress(rules("a.example.com", "b.example.com"), rules("c.example.com")),
      ingress(rules("c.example.com"), rules("b.example.com")),
    ]);
    expect(made.risks).toEqual(["a.example.com does not answer any more"]);
  });

  it("are what could not be previewed, and what a manifest undoes", () => {
    const undone = ["scale 10 -> 3: you undo @U0DEVELOPER, 02:14 UTC, release 41"];
    const made = planOf([target(old, next, { preview: undefined })], { undone });
    expect(made.risks).toEqual([
      ...undone,
      "Deployment kubecon-2017 is not previewed: an admission webhook there allows no dry run",
    ]);
  });

  it("are addresses that stop to answer, and not what else is pruned", () => {
    const prunes = [surplus("Ingress"), surplus("HTTPRoute"), surplus("Certificate")];
    expect(planOf([target(old, old)], { prunes, manifest: tagged("2017") }).risks).toEqual([
      "removes Ingress surplus",
      "removes HTTPRoute surplus",
    ]);
  });

  it("are fields that are taken from others, each by name", () => {
    const conflicts = [{ manager: "kubectl", field: ".spec.replicas" }];
    const made = planOf([target(old, next, { conflicts })]);
    expect(made.changes[0]?.takesOver).toEqual([".spec.replicas from kubectl"]);
    expect(made.risks).toEqual(["takes Deployment .spec.replicas from kubectl"]);
  });

  it("count the taken fields that do not fit, instead of hiding them", () => {
    const conflicts = Array.from({ length: 40 }, (_, at) => ({
      manager: "helm",
      field: `.f${at}`,
    }));
    const { takesOver } = planOf([target(old, next, { conflicts })]).changes[0] ?? {};
    expect(takesOver).toHaveLength(16);
    expect(takesOver?.at(-1)).toBe("and 25 more");
  });
});

/** An object that docc made before, with everything that the API server keeps of it. */
const surplus = (kind: string, uid = "uid-of-surplus") => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "surplus", namespace: "apps", uid, resourceVersion: "7" },
  status: { observed: 1 },
});

describe("what a plan prunes", () => {
  const plain = planOf([target(old, next)]);

  it("stands behind the changes, pinned by its uid", () => {
    const made = planOf([target(old, next)], { prunes: [surplus("Ingress")] });
    expect(made.changes.slice(0, -1)).toEqual(plain.changes);
    expect(made.changes.at(-1)).toEqual({
      apiVersion: "v1",
      kind: "Ingress",
      namespace: "apps",
      name: "surplus",
      action: "prune",
      note: "",
      takesOver: [],
      uid: "uid-of-surplus",
    });
  });

  it("is part of its digest: which objects, and not how they are", () => {
    const digest = (prunes: readonly ReturnType<typeof surplus>[]): string =>
      planOf([target(old, next)], { prunes }).digest;
    const one = digest([surplus("Ingress")]);
    expect(one).not.toBe(plain.digest);
    expect(digest([surplus("Ingress", "another")])).not.toBe(one);
    expect(digest([{ ...surplus("Ingress"), status: { observed: 2 } }])).toBe(one);
  });

  it("is what one release can hold; the next one sees to the rest", () => {
    const prunes = Array.from({ length: 100 }, (_, at) => surplus("Service", `uid-${at}`));
    const made = planOf([target(old, next)], { prunes });
    expect(made.changes).toHaveLength(65);
    expect(violations(schemaAt(crdSchema("releases"), "status.plan"), made)).toEqual([]);
  });
});

describe("what a plan takes over", () => {
  it("stands in the change of that very object, and of no other", () => {
    const targets = [target(old, next), target(old, next, { desired: desired(next, "Service") })];
    const takes = [{ kind: "Deployment", name: "kubecon-2017", uid: "uid-1" }];
    const { changes } = planOf(targets, { takes });
    expect(changes.map(({ uid }) => uid)).toEqual(["uid-1", undefined]);
    expect(takesOf({ changes })).toEqual(takes);
    expect(takesOf(planOf(targets, { prunes: [surplus("Ingress")] }))).toEqual([]);
  });
});

describe("an object that was not previewed", () => {
  const made = planOf([target(podSpec({ image: "a:1", ports: [] }), next, { preview: undefined })]);

  it("changes by what docc asks for, and is marked", () => {
    expect(made.changes).toMatchObject([{ action: "change", note: "image", previewed: false }]);
    expect(readDiff(made.diff)).toMatchObject([
      { previewed: false, fields: [{ path: "container kubecon: image" }] },
    ]);
  });

  it("is never called unchanged: what the webhook makes of it nobody knows", () => {
    const same = planOf([target(old, old, { preview: undefined })]);
    expect(same.changes).toMatchObject([{ action: "change", note: "" }]);
  });

  it("may be new", () => {
    const fresh = planOf([target(old, next, { live: undefined, preview: undefined })]);
    expect(fresh.changes).toMatchObject([{ action: "create", previewed: false }]);
  });
});

describe("the record of a plan", () => {
  it("fits the CRD, however much there is to say", () => {
    const long = "x".repeat(3_000);
    const conflicts = Array.from({ length: 40 }, () => ({ manager: long, field: long }));
    const spec = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${long}${at}`, at]));
    const image = { image: "registry.example.com/web", ports: [] };
    const containers = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [
        `c${at}`,
        { ...image, image_tag: `${at}${"y".repeat(120)}` },
      ]),
    );
    const targets = Array.from({ length: 5 }, () => target({}, spec, { conflicts }));
    const plan = planOf(targets, {
      manifest: tagged("", { containers }),
      before: tagged("", { containers }),
      warnings: Array.from({ length: 100 }, () => long),
    });
    const { objects: _objects, ...rest } = plan;
    expect(
      violations(schemaAt(crdSchema("releases"), "status.plan"), { ...rest, objects: "" }),
    ).toEqual([]);
  });

  it("holds the objects in the order of applying, and the manifest, as they will be applied", () => {
    const plan = planOf([
      target(old, next),
      { ...target(old, next), desired: desired(next, "Service") },
    ]);
    expect(JSON.parse(plan.objects)).toEqual([desired(next), desired(next, "Service")]);
    expect(JSON.parse(plan.manifest)).toEqual(tagged("2018"));
    expect(plan.plannedAt).toBe("2017-12-06T09:00:00.000Z");
  });
});

describe("the digest of a plan", () => {
  const { digest } = planOf([target(old, next)]);

  it("is SHA-256 in the notation of images", () => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("stays the same for the same plan, also a later one of the same release", () => {
    expect(planOf([target(old, next)]).digest).toBe(digest);
    expect(planOf([target(old, next)], { number: 2, now: startedAt + 1e6 }).digest).toBe(digest);
  });

  it("stays the same whatever the order of keys", () => {
    const shuffled = target(reversed(old), reversed(next));
    expect(planOf([shuffled]).digest).toBe(digest);
  });

  it("stays the same when only marks move that move by themselves", () => {
    const moved = target(old, next, {
      live: live(old, { generation: 9 }),
      preview: live(next, { generation: 10, annotations: { "docc.dev/release": "x" } }),
    });
    expect(planOf([moved]).digest).toBe(digest);
  });

  it("stays the same when a field moves that docc does not set", () => {
    const scaled = target(old, next, { live: live({ ...old, minReadySeconds: 9 }) });
    expect(planOf([scaled]).digest).toBe(digest);
  });

  it("stays the same when the conflicts come in another order", () => {
    const conflicts = [
      { manager: "helm", field: ".spec.a" },
      { manager: "kubectl", field: ".spec.b" },
    ];
    const one = planOf([target(old, next, { conflicts })]).digest;
    const other = planOf([target(old, next, { conflicts: conflicts.toReversed() })]).digest;
    expect(one).toBe(other);
  });

  describe("of an app under an autoscaler", () => {
    const owning = (fields: object, rest: object = {}) => ({
      managedFields: [{ manager: "docc", operation: "Apply", time: "1", fieldsV1: fields }],
      ...rest,
    });
    const autoscaled = (image: string): { template: unknown } => {
      const { template } = podSpec({ image }) as { template: unknown };
      return { template };
    };
    const owns = {
      "f:metadata": { "f:annotations": { "f:docc.dev/release": {} } },
      "f:spec": { "f:replicas": {}, "f:paused": {}, "f:template": { "f:spec": {} } },
    };
    /** Replicas are what the autoscaler set last; docc wants none. */
    const moving = (at: number, spec: object = {}): Target => {
      const metadata = owning(owns, {
        generation: at,
        resourceVersion: `${at}`,
        annotations: { "docc.dev/release": `r${at}`, "deployment.kubernetes.io/revision": `${at}` },
      });
      const is = (image: string): LiveObject => {
        const made = live({ ...autoscaled(image), replicas: at, ...spec }, { generation: at });
        return { ...made, metadata: { ...made.metadata, ...metadata } };
      };
      const wanted = desired(autoscaled("kubecon:2018"));
      return {
        desired: wanted,
        live: is("kubecon:2017"),
        preview: is("kubecon:2018"),
        conflicts: [],
      };
    };

    it("stays the same while status, generation, resourceVersion, stamps and replicas move", () => {
      fc.assert(
        fc.property(fc.nat(), fc.nat(), (one, other) => {
          expect(planOf([moving(one)])).toEqual(planOf([moving(other)]));
        }),
      );
    });

    it("changes with a field that docc owns and drops now", () => {
      expect(planOf([moving(1, { paused: true })]).digest).not.toBe(planOf([moving(1)]).digest);
    });

    it("stays the same when a field moves that docc neither sets nor owns", () => {
      const more = { minReadySeconds: 9 };
      expect(planOf([moving(1, more)]).digest).toBe(planOf([moving(1)]).digest);
    });
  });

  const requester = { provider: "slack", team: "T0TEAM", user: "U0ANOTHER" } as const;
  it.each<[string, Plan]>([
    ["it was not previewed", planOf([target(old, next, { preview: undefined })])],
    [
      "the object was made anew",
      planOf([target(old, next, { live: live(old, { uid: "uid-2" }) })]),
    ],
    ["the object is not there any more", planOf([target(old, next, { live: undefined })])],
    ["what is there changed", planOf([target(podSpec({ image: "kubecon:2016" }), next)])],
    ["what will be there changed", planOf([target(old, next, { preview: live(old) })])],
    [
      "what we want changed",
      planOf([target(old, next, { desired: desired(podSpec({ image: "kubecon:2019" })) })]),
    ],
    ["somebody else asks", planOf([target(old, next)], { spec: { ...release().spec, requester } })],
    [
      "a field is taken over",
      planOf([target(old, next, { conflicts: [{ manager: "helm", field: ".spec" }] })]),
    ],
    ["the manifest changed", planOf([target(old, next)], { manifest: tagged("2019") })],
    ["an object is added", planOf([target(old, next), target(old, next)])],
  ])("changes when %s", (_why, other) => {
    expect(other.digest).not.toBe(digest);
  });
});

describe("an object that somebody else made", () => {
  const marked = (own: Record<string, string>): LiveObject => ({
    ...live(old),
    metadata: { name: "kubecon-2017", uid: "uid-1", resourceVersion: "1", labels: own },
  });

  it.each([
    ["nothing is nobody's", undefined, false],
    ["docc's own for this app is ours", live(old), false],
    [
      "docc's own for another app is foreign",
      marked({ ...labels, "app.kubernetes.io/instance": "web" }),
      true,
    ],
    [
      "Helm's for this app is foreign",
      marked({ ...labels, "app.kubernetes.io/managed-by": "Helm" }),
      true,
    ],
    [
      "one without labels is foreign",
      { ...live(old), metadata: { name: "kubecon-2017", uid: "1", resourceVersion: "1" } },
      true,
    ],
  ])("%s", (_name, given, foreign) => {
    expect(isForeign(given, "kubecon-2017")).toBe(foreign);
  });
});

describe("the part of an object that docc sets", () => {
  it("is picked by key, and list elements by their name", () => {
    const shape = { a: 1, list: [{ name: "kubecon", image: "x" }] };
    const actual = {
      a: 2,
      b: 3,
      list: [
        { name: "sidecar", image: "injected" },
        { name: "kubecon", image: "y", imagePullPolicy: "Always" },
      ],
    };
    expect(alike(shape, actual)).toEqual({ a: 2, list: [{ name: "kubecon", image: "y" }] });
  });

  it("is null where the actual object has nothing", () => {
    expect(alike({ a: { b: 1 }, list: [{ name: "c" }] }, { list: [] })).toEqual({
      a: null,
      list: [null],
    });
    expect(alike({ a: 1 }, undefined)).toBeNull();
  });

  it("is the whole list where its elements have no names", () => {
    expect(alike([80], [80, 81])).toEqual([80, 81]);
    expect(alike([{ port: 80 }], [{ port: 80, nodePort: 3 }])).toEqual([{ port: 80, nodePort: 3 }]);
  });

  it("is everything when asked with itself", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const unique = JSON.parse(JSON.stringify(value)) as unknown;
        expect(alike(unique, unique)).toEqual(unique);
      }),
    );
  });

  it("never depends on what docc does not set", () => {
    const record = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.jsonValue());
    fc.assert(
      fc.property(record, record, record, (shape, actual, foreign) => {
        const added = Object.fromEntries(
          Object.entries(foreign).filter(([key]) => !(key in shape) && !(key in actual)),
        );
        expect(alike(shape, { ...actual, ...added })).toEqual(alike(shape, actual));
      }),
    );
  });
});

describe("the paths at which two objects differ", () => {
  it("are found in records and in lists of equal length", () => {
    expect(changedPaths({ a: { b: 1, c: [1, 2] } }, { a: { b: 2, c: [1, 3] } })).toEqual([
      "a.b",
      "a.c.1",
    ]);
    expect(changedPaths({ list: [1] }, { list: [1, 2] })).toEqual(["list"]);
    expect(changedPaths({ a: 1 }, { b: 1 })).toEqual(["a", "b"]);
    expect(changedPaths(1, 2)).toEqual([""]);
  });

  it("are none where null and absent are the same", () => {
    expect(changedPaths({ a: null }, {})).toEqual([]);
  });

  it("are at most 50", () => {
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`k${at}`, at]));
    expect(changedPaths({}, many)).toHaveLength(50);
  });

  it("never hold a value", () => {
    const secret = "hunter2";
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(secret, `${secret}!`, 1, null),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b"), tie("value"), { maxKeys: 2 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, value, (one, two) => {
        expect(changedPaths(one, two).join()).not.toContain(secret);
        expect(changedPaths(one, one)).toEqual([]);
      }),
    );
  });
});

/** The same data with the keys of every object in reverse order. */
function reversed(value: object): object {
  const turn = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(turn);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(
      Object.entries(each)
        .toReversed()
        .map(([key, member]) => [key, turn(member)]),
    );
  };
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turn(member)]),
  );
}
