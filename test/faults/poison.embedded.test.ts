import fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../sandbox/world.ts";
import type { Clock } from "../../src/clock.ts";
import { applications, deployments, releases as releaseKind } from "../../src/k8s/kinds.ts";
import type { OpaqueObject } from "../../src/k8s/objects.ts";
import { isTerminal, phaseOf } from "../../src/release/phases.ts";
import { releasePhases } from "../../src/release/release.ts";
import { command, say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";

const minute = 60_000;
const rollout = { timeout: "10m", stable: "60s" };

/** Texts where canonical JSON of something should be. */
const garbage = fc.oneof(
  fc.constantFrom(
    "",
    "null",
    "[]",
    "{}",
    "7",
    '"kubecon-2017"',
    "{",
    '{"application":7,"containers":5,"maintainer":null}',
    '{"application":"kubecon-2017","containers":{"a":null},"maintainer":["x"],"ingresses":[]}',
    '{"__proto__":{"application":"x"},"deploy":{"timeout":"soon","stable":{}}}',
    '[{"kind":"Deployment"}]',
    "[null]",
    '[{"apiVersion":"v9","kind":"Nothing","metadata":{"name":"x","namespace":"y"}}]',
    "[[[[[[[[[[",
  ),
  fc.json({ maxDepth: 3 }),
  fc.string({ maxLength: 40 }),
);

const time = fc.constantFrom(
  "2017-12-06T09:00:00Z",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
);
const app = fc.constantFrom("poison", "kubecon-2017", "a", `${"x".repeat(49)}y`);

/** What the CRD lets through, in any phase, made of nothing that docc ever writes. */
const poison = fc.record({
  app,
  source: fc.oneof(
    fc.constant({ type: "stored" }),
    garbage.map((manifest) => ({ type: "inline", manifest })),
    fc.constant({ type: "slack-file", file: "F\u0000../x" }),
    fc.constant({ type: "release", release: "not/a name", revision: 3 }),
    garbage.map((maintainer) => ({
      type: "adoption",
      adopts: { seen: "0123456789ab", maintainer },
    })),
  ),
  words: fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 }),
  environment: fc.constantFrom("production", "nowhere", "constructor"),
  phase: fc.constantFrom(...releasePhases),
  manifest: garbage,
  objects: garbage,
  diff: garbage,
  deadline: fc.option(time),
  readyAt: fc.option(time),
  rollout: fc.option(
    fc.record({
      name: fc.constantFrom("kubecon-2017", "", "\u202e"),
      uid: fc.constant("none"),
      generation: fc.nat(),
      templateHash: fc.string({ maxLength: 8 }),
      appliedAt: time,
    }),
  ),
  revision: fc.option(fc.integer({ min: 1, max: 5 })),
  told: fc.option(fc.constant({ channel: "C-none", ts: "x", told: ["applied"] })),
});
type Poison = typeof poison extends fc.Arbitrary<infer T> ? T : never;

/** About to apply what no manifest is: its app must not come to have it for its own. */
const unreadable: Poison = {
  app: "kubecon-2017",
  source: { type: "stored" },
  words: {},
  environment: "production",
  phase: "applying",
  manifest: "[]",
  objects: "[]",
  diff: "",
  deadline: null,
  readyAt: null,
  rollout: null,
  revision: 5,
  told: null,
};
const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);

describe(`poison objects (seed ${seed})`, { timeout: 240_000 }, () => {
  let stage: Stage;
  let docc: World;
  let clock: Clock;
  let count = 0;
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const start = async (): Promise<void> => {
    docc = await startWorld({ slack: stage.slack, cluster: stage.cluster, clock, rollout, log });
  };
  beforeAll(async () => {
    stage = await openStage(
      {
        ...embedded,
        open: async () => {
          const open = await embedded.open();
          ({ clock } = open);
          return open;
        },
      },
      "none",
    );
    await start();
    await uploadManifest(stage, "1-application.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 120_000);
  afterAll(async () => {
    await docc.stop();
    await stage.close();
  }, 60_000);

  const store = async (what: Poison): Promise<void> => {
    count += 1;
    const name = `poison-${count}`;
    const { api } = stage.world;
    const { source, words, environment, phase } = what;
    const kind = source.type === "release" ? "rollback" : "deploy";
    const requester = { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" };
    const spec = { app: what.app, environment, kind, source, words, requester };
    const metadata = { name, namespace: stage.home };
    await api.create(releaseKind, { metadata, spec } as unknown as OpaqueObject);
    const status = statusOf(what);
    if (phase === "accepted") return;
    await api.patch(releaseKind, metadata, { status }, { subresource: "status" });
  };

  it("end or are named in the log; nothing crashes, spins or is held up by them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(poison, { minLength: 8, maxLength: 12 }),
        fc.array(poison, { minLength: 8, maxLength: 12 }),
        async (before, meanwhile) => {
          lines.length = 0;
          await docc.stop();
          for (const each of before) await store(each);
          await poisonHead(stage, `head-${count}`, before[0]?.manifest ?? "");
          await start();
          const began = clock.now();
          for (const each of meanwhile) await store(each);
          // Others' requests, of an app that has nothing to do with it, go on at once.
          const fine = `fine-${count}`;
          await inline(stage, fine);
          const done = await stage.until("another app is deployed", async () => {
            const found = (await stage.releases()).find(({ spec }) => spec.app === fine);
            return found?.status?.finishedAt === undefined ? undefined : found;
          });
          expect(say(done)).toBe("succeeded");
          expect(clock.now() - began).toBeLessThan(3 * minute);
          await stage.until("all have ended", async () => {
            const open = (await stage.releases()).filter((each) => !isTerminal(phaseOf(each)));
            return open.length === 0 ? true : undefined;
          });
          expect(clock.now() - began).toBeLessThan(30 * minute);
          expect(docc.docc.ready()).toBe(true);
          notSpinning(lines, clock.now() - began);
          const heard = stage.slack.ephemerals("developer").length;
          await command(stage, "/docc list");
          const list = await stage.until("list answers", () =>
            stage.slack.ephemerals("developer").slice(heard).at(-1),
          );
          expect(stage.slack.render(list)).toContain(fine);
        },
      ),
      { seed, numRuns: 3, endOnFailure: true, examples: [[[unreadable], [unreadable]]] },
    );
  });

  it("leave the very app that they claim to be of usable", async () => {
    const total = (await stage.releases()).length;
    await command(stage, "/docc deploy kubecon-2017 tag=2017");
    const release = await stage.until("it is deployed", async () => {
      const all = await stage.releases();
      const last = all.find(
        ({ spec }) =>
          spec.words["tag"] === "2017" &&
          spec.app === "kubecon-2017" &&
          Object.keys(spec.words).length === 1,
      );
      return all.length > total && last?.status?.finishedAt !== undefined ? last : undefined;
    });
    expect(say(release)).toBe("succeeded");
  });

  it("are no danger as a Deployment with hostile labels and annotations", async () => {
    const ref = { namespace: stage.apps, name: "kubecon-2017" };
    const live = await stage.world.api.get(deployments, ref);
    const labels = { app: "x", "app.kubernetes.io/managed-by": "docc" };
    await stage.world.api.create(deployments, {
      metadata: {
        name: "hostile",
        namespace: stage.apps,
        labels: { ...labels, "app.kubernetes.io/instance": "__proto__" },
        annotations: {
          "docc.dev/release": "<!channel>",
          "docc.dev/revision": "-1",
          "docc.dev/manifest": "{".repeat(1_000),
          "docc.dev/thread": "C\u0000/x",
          "deployment.kubernetes.io/revision": "NaN",
        },
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "x" } },
        template: {
          metadata: { labels: { app: "x" } },
          spec: live.spec?.template.spec ?? { containers: [] },
        },
      },
    });
    const heard = stage.slack.ephemerals("developer").length;
    await command(stage, "/docc list");
    await command(stage, "/docc deploy kubecon-2017 scale=2");
    await stage.until("list answers", () =>
      stage.slack
        .ephemerals("developer")
        .slice(heard)
        .find((each) => stage.slack.render(each).includes("kubecon-2017")),
    );
    await stage.until("it is deployed", async () => {
      const found = (await stage.releases()).find(({ spec }) => spec.words["scale"] === "2");
      return found !== undefined && say(found) === "succeeded" ? true : undefined;
    });
  });
});

function statusOf(what: Poison): Readonly<Record<string, unknown>> {
  const at = "2017-12-06T09:00:00.000Z";
  const { phase, manifest, objects, diff, deadline, readyAt, revision, told } = what;
  return {
    phase,
    app: what.app,
    transitions: [
      { phase: "accepted", at, actor: "x" },
      { phase, at, actor: "x" },
    ],
    plan: {
      number: 1,
      digest: `sha256:${"0".repeat(64)}`,
      manifest,
      objects,
      changes: [],
      diff,
      policy: { approvals: 0, approvers: [], self: false, outsideSlack: false, emergency: false },
      from: "",
      to: "\u202e<!channel>",
      risks: [],
      warnings: [],
      plannedAt: at,
    },
    ...(deadline === null ? {} : { deadline }),
    ...(readyAt === null ? {} : { readyAt }),
    ...(what.rollout === null ? {} : { rollout: what.rollout }),
    ...(revision === null ? {} : { revision }),
    ...(told === null ? {} : { slack: told }),
    ...(isTerminal(phase) ? { finishedAt: at } : {}),
  };
}

/** A head whose manifests are garbage, and which has made what nobody knows. */
async function poisonHead(stage: Stage, app: string, manifest: string): Promise<void> {
  const { api } = stage.world;
  const metadata = { name: `production.${app}`, namespace: stage.home };
  await api.create(applications, { metadata, spec: { app, environment: "production" } });
  const made = { release: "gone", revision: 1, manifest };
  const unknown = { apiVersion: "v9", kind: "Nothing", namespace: stage.apps, name: "x" };
  const status = { applied: made, current: made, nextRevision: 2, inventory: [unknown] };
  await api.patch(applications, metadata, { status }, { subresource: "status" });
}

/** A request as docc stores it, of an app of its own. */
async function inline(stage: Stage, name: string): Promise<void> {
  const manifest = {
    application: name,
    maintainer: "dev@corp.example.com",
    containers: { kubecon: { image: "registry.corp.example.com/demo/kubecon", image_tag: "2016" } },
  };
  await stage.world.api.create(releaseKind, {
    metadata: { name: `${name}-0123456789ab`, namespace: stage.home },
    spec: {
      app: name,
      environment: "production",
      kind: "deploy",
      source: { type: "inline", manifest: JSON.stringify(manifest) },
      words: {},
      requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
      channel: "CDEPLOYS",
    },
  });
}

/** A key that fails comes back twice a minute at most, after a first flurry. */
function notSpinning(lines: readonly string[], passedMs: number): void {
  const retries = new Map<string, number>();
  for (const line of lines) {
    const { release, msg } = JSON.parse(line) as { release?: string; msg: string };
    if (release === undefined) continue;
    const key = `${release}: ${msg}`;
    retries.set(key, (retries.get(key) ?? 0) + 1);
  }
  const most = 12 + (passedMs / minute) * 4;
  for (const [key, times] of retries) expect(times, key).toBeLessThan(most);
}
