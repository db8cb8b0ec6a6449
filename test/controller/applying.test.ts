import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAll } from "../../src/controller/applying.ts";
import { FreshPlans } from "../../src/controller/fresh-plans.ts";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import type { Accepted } from "../../src/controller/step.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import type { KubernetesObject } from "../../src/manifest/objects/objects.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { pinOf, sayTakeover } from "../../src/release/pins.ts";
import { type LiveObject, refOf, type Target } from "../../src/release/plan.ts";
import type { Plan, PlannedAction, ReleaseStatus } from "../../src/release/release.ts";
import { SteppedClock } from "../../sandbox/clock.ts";
import { manifest } from "../commands/ports.ts";
import { plan as somePlan, release } from "../release/releases.ts";

const objects = translate(manifest, defaultPlatform, new Map());

/** Objects by compare-and-swap, as the API server keeps them; every request waits for its turn. */
function clusterIn(
  wait: <T>(work: () => T) => Promise<T>,
  rivals: (kind: string) => Target["conflicts"] = () => [],
) {
  const live = new Map<string, LiveObject>();
  const made: string[] = [];
  let version = 0;
  const put = (object: KubernetesObject, uid: string): LiveObject => {
    version += 1;
    const metadata = { ...object.metadata, uid, resourceVersion: String(version) };
    const stored: LiveObject = { ...object, metadata };
    live.set(object.kind, stored);
    return stored;
  };
  const cluster = {
    find: ({ kind }: { kind: string }) => wait(() => live.get(kind)),
    preview: (object: KubernetesObject) =>
      wait(() => {
        const { uid, resourceVersion } = live.get(object.kind)?.metadata ?? {};
        const metadata = { ...object.metadata, uid, resourceVersion };
        return { object: { ...object, metadata }, conflicts: rivals(object.kind) };
      }),
    apply: (
      object: KubernetesObject,
      { fence, force }: { fence?: { uid?: string; resourceVersion: string }; force: boolean },
    ) =>
      wait(() => {
        if (rivals(object.kind).length > 0 && !force)
          throw new KubeError("apply-conflict", "Somebody has it.");
        const known = live.get(object.kind);
        // https://kubernetes.io/docs/reference/using-api/server-side-apply: a uid never creates.
        // Without a uid a fence only creates: no object has its version.
        const isMet =
          fence === undefined ||
          (fence.uid === known?.metadata.uid &&
            (known === undefined || known.metadata.resourceVersion === fence.resourceVersion));
        if (!isMet) throw new KubeError("conflict", "It moved.");
        if (known === undefined) made.push(object.kind);
        return put(object, known?.metadata.uid ?? `new ${object.kind}`);
      }),
  };
  return { live, made, put, cluster: cluster as unknown as Environment["cluster"] };
}

/** As it was before the release, in something that no plan of docc's names. */
function older(object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, old: "yes" } },
  };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A plan for what is there now. */
function accepted(
  actions: (kind: string) => PlannedAction,
  live: ReadonlyMap<string, LiveObject>,
  conflicts: Target["conflicts"] = [],
): {
  readonly release: Accepted;
  readonly app: string;
  readonly plan: Plan;
} {
  const changes = objects.map((object) => ({
    ...refOf(object),
    action: actions(object.kind),
    note: "",
    takesOver: conflicts.map(sayTakeover),
    pin: pinOf(
      {
        desired: object,
        live: live.get(object.kind),
        preview: object as unknown as LiveObject,
        conflicts,
      },
      hash,
    ),
  }));
  const text = canonicalManifest(manifest);
  const plan = { ...somePlan, manifest: text, objects: JSON.stringify(objects), changes };
  const status: ReleaseStatus = { phase: "applying", app: "kubecon-2017", plan, transitions: [] };
  return { release: { ...release(status), status }, app: "kubecon-2017", plan };
}

/** The record stays where it is: nobody else acts on it. */
const records = {
  findRelease: () => Promise.resolve(accepted(() => "change", new Map()).release),
};
const ports = { clock: new SteppedClock(), records, hash } as unknown as ControllerPorts;

function environment(cluster: Environment["cluster"]): Environment {
  return { name: "production", platform: defaultPlatform, cluster } as unknown as Environment;
}

describe("a field that somebody has taken since docc applied it last", () => {
  /** A Deployment whose `field` is kubectl's: an apply without force is refused. */
  const takenFrom = async (field: string) => {
    const { live, put, cluster } = clusterIn((work) => Promise.resolve().then(work));
    for (const object of objects) put(object, "old");
    const forced: boolean[] = [];
    const own: typeof cluster = {
      ...cluster,
      apply: (object, options) => {
        if (object.kind !== "Deployment") return cluster.apply(object, options);
        forced.push(options.force);
        const conflicts = [{ manager: "kubectl", field }];
        return options.force
          ? cluster.apply(object, options)
          : Promise.reject(new KubeError("apply-conflict", "It is kubectl's.", { conflicts }));
      },
    };
    const step = await applyAll(
      accepted(() => "change", live),
      environment(own),
      ports,
      new FreshPlans(),
    );
    const { phase, verdict } = "write" in step ? step.write : {};
    return { forced, ended: verdict?.cause?.code ?? phase };
  };

  it.each(["docc.dev/revision", "kubernetes.io/change-cause"])(
    "is taken back when it is docc's mark %s, which rollout undo moves",
    async (mark) => {
      expect(await takenFrom(`.metadata.annotations.${mark}`)).toEqual({
        forced: [false, true],
        ended: "progressing",
      });
    },
  );

  it.each([".spec.replicas", ".metadata.annotations.example.com/mine"])(
    "is left to them when it is %s, which the plan did not say",
    async (field) => {
      expect(await takenFrom(field)).toEqual({ forced: [false], ended: "apply-refused" });
    },
  );
});

describe("an object that somebody deletes while it is deployed", () => {
  it("is never made again, whenever that happens, and the release says so", async () => {
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...objects.map(({ kind }) => kind)),
        async (scheduler, victim) => {
          const { live, made, put, cluster } = clusterIn((work) =>
            scheduler.schedule(Promise.resolve()).then(work),
          );
          for (const object of objects) put(older(object), `old ${object.kind}`);
          const planned = accepted(() => "change", live);
          const deleting = scheduler
            .schedule(Promise.resolve(), "kubectl delete")
            .then(() => live.delete(victim));
          const applying = applyAll(planned, environment(cluster), ports, new FreshPlans());
          const [step] = await scheduler.waitFor(Promise.all([applying, deleting]));
          expect(made).toEqual([]);
          expect(live.has(victim)).toBe(false);
          const written = "write" in step ? step.write : undefined;
          outcomes.add(written?.verdict?.cause?.code ?? written?.phase ?? "");
        },
      ),
      { numRuns: 300 },
    );
    // Deleted before its turn, and after it: then the rollout is what tells.
    expect([...outcomes].toSorted()).toEqual(["deleted-outside", "progressing"]);
  });

  it("is named, with what was applied and what was not", async () => {
    const { live, put, cluster } = clusterIn((work) => Promise.resolve().then(work));
    for (const object of objects) if (object.kind !== "Deployment") put(older(object), "old");
    const step = await applyAll(
      accepted(() => "change", live),
      environment(cluster),
      ports,
      new FreshPlans(),
    );
    expect("write" in step ? step.write.verdict?.cause : undefined).toMatchInlineSnapshot(`
      {
        "code": "deleted-outside",
        "evidence": [
          "Deployment kubecon-2017 was there when it was planned.",
          "Applied: nothing. Not applied: Service kubecon-2017, PodDisruptionBudget kubecon-2017, Deployment kubecon-2017.",
        ],
        "next": "deploy again, if that was not intended",
        "sentence": "somebody deleted Deployment kubecon-2017 while it was being deployed; nothing was made again",
      }
    `);
  });

  it("is made where the plan says that it is made", async () => {
    const { live, made, cluster } = clusterIn((work) => Promise.resolve().then(work));
    const step = await applyAll(
      accepted(() => "create", live),
      environment(cluster),
      ports,
      new FreshPlans(),
    );
    expect(made).toEqual(objects.map(({ kind }) => kind));
    expect(step).toMatchObject({ write: { phase: "progressing" } });
  });
});

/** Who said yes did so to what was there then (design: only the plan's state, only the listed conflicts). */
describe("an object that somebody changes between the plan and the apply", () => {
  const direct = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);
  const everything = (put: (object: KubernetesObject, uid: string) => LiveObject): void => {
    for (const object of objects) put(older(object), `old ${object.kind}`);
  };
  const service = objects.find(({ kind }) => kind === "Service");
  if (service === undefined) throw new Error("the app has a Service");
  const changed = { ...service, spec: { ...(service as { spec?: object }).spec, ports: [] } };
  const run = (cluster: Environment["cluster"], planned: ReturnType<typeof accepted>) =>
    applyAll(planned, environment(cluster), ports, new FreshPlans());
  const causeIn = (step: Awaited<ReturnType<typeof applyAll>>) =>
    "write" in step ? step.write.verdict?.cause : undefined;

  it("is not overwritten, and nothing of the release is applied", async () => {
    const { live, put, cluster } = clusterIn(direct);
    everything(put);
    const planned = accepted(() => "change", live);
    put(changed, "old Service");
    const before = new Map(live);
    const step = await run(cluster, planned);
    expect(causeIn(step)).toMatchObject({
      code: "changed-outside",
      sentence:
        "somebody changed Service kubecon-2017 while it was being deployed; that was not overwritten",
      evidence: [
        "Service kubecon-2017 is not what it was when it was planned.",
        expect.stringMatching(/^Applied: nothing\. Not applied: Service kubecon-2017, /),
      ],
    });
    expect(live).toEqual(before);
  });

  it("is another one when it was deleted and made again", async () => {
    const { live, put, cluster } = clusterIn(direct);
    everything(put);
    const planned = accepted(() => "change", live);
    put(older(service), "another uid");
    expect(causeIn(await run(cluster, planned))?.code).toBe("changed-outside");
  });

  it("is found out by a conflict, too: after the look, and before the write", async () => {
    const { live, put, cluster } = clusterIn(direct);
    everything(put);
    const planned = accepted(() => "change", live);
    let rival = 1;
    const racing = {
      ...cluster,
      apply: (...args: Parameters<typeof cluster.apply>) => {
        if (args[0].kind === "Service" && rival > 0) {
          rival -= 1;
          put(changed, "old Service");
        }
        return cluster.apply(...args);
      },
    };
    expect(causeIn(await run(racing, planned))?.code).toBe("changed-outside");
    expect(live.get("Service")).toMatchObject({ spec: { ports: [] } });
  });

  it("is applied when only what nobody pinned has moved, however often", async () => {
    const { live, put, cluster } = clusterIn(direct);
    everything(put);
    const planned = accepted(() => "change", live);
    let rivals = 3;
    const moved = Object.assign({}, service, { status: { loadBalancer: {} } });
    const racing = {
      ...cluster,
      apply: (...args: Parameters<typeof cluster.apply>) => {
        if (args[0].kind === "Service" && rivals > 0) {
          rivals -= 1;
          put(moved, "old Service");
        }
        return cluster.apply(...args);
      },
    };
    expect(await run(racing, planned)).toMatchObject({ write: { phase: "progressing" } });
  });

  const taken = { manager: "kubectl", field: ".spec.ports" };
  it("has only those fields taken over that the plan lists", async () => {
    const rivals = (kind: string): Target["conflicts"] => (kind === "Service" ? [taken] : []);
    const { live, put, cluster } = clusterIn(direct, rivals);
    everything(put);
    const without = accepted(() => "change", live);
    expect(causeIn(await run(cluster, without))?.code).toBe("changed-outside");
    const listed = accepted(() => "change", live, [taken]);
    const changes = listed.plan.changes.map((change, at) =>
      change.kind === "Service" ? change : (without.plan.changes[at] ?? change),
    );
    const step = await run(cluster, { ...listed, plan: { ...listed.plan, changes } });
    expect(step).toMatchObject({ write: { phase: "progressing" } });
  });

  it("is none when another process had made it so before it died", async () => {
    const { live, put, cluster } = clusterIn(direct);
    const planned = accepted(() => "create", live);
    put(service, "new Service");
    expect(await run(cluster, planned)).toMatchObject({ write: { phase: "progressing" } });
  });

  it("is done already where it has the stamps of this release, and applied again", async () => {
    const { live, put, cluster } = clusterIn(direct);
    everything(put);
    const planned = accepted(() => "change", live);
    const annotations = { "docc.dev/release": planned.release.metadata.name };
    put({ ...changed, metadata: { ...changed.metadata, annotations } }, "old Service");
    expect(await run(cluster, planned)).toMatchObject({ write: { phase: "progressing" } });
  });
});
