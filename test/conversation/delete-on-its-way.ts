import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, ingresses, pods, replicaSets } from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import { answers, hears, press, waiting } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const app = "kubecon-2017";
const deletes = `/docc delete ${app} confirm=${app}`;
const approval = { count: 1, from: ["SKUBECON"] };

/** A stage on which the app runs, by its first release. */
async function withApp(target: Target): Promise<Stage> {
  const stage = await openStage(target, "socket");
  await uploadManifest(stage, "4-tls.json", "tag=2016");
  await stage.ended(1);
  return stage;
}

/** What may come between a request and the last object: people, rules, other requests, the end of a process. */
export function deletionStoppedJob(target: Target): void {
  describe(`stopping a deletion on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await withApp(target);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("ends it where it is, though docc goes at once: what is gone stays gone", async () => {
      await hold(stage, ["example.com/hold"]);
      await command(stage, deletes);
      await held(stage);
      await rootSays(stage, 2, /\[Stop\]$/);
      await press(stage, "developer", 2, "Stop");
      await stage.until("that is stored", async () =>
        (await stage.releases()).find(({ status }) => status?.stop !== undefined),
      );
      await stage.restart({});
      const release = await stage.ended(2);
      expect(say(release)).toBe("failed: stopped");
      expect(release.status?.verdict?.affected).toBe("4 of 5 objects deleted.");
      expect(release.status?.inventory).toMatchObject([{ kind: "Ingress", name: app }]);
      await threadSays(stage, 2, /^Stopped by @developer\.$/m);
      expect(await rootSays(stage, 2, /stopped/)).toMatchInlineSnapshot(`
        "Delete kubecon-2017 from production   2016
        kubecon-2017 is not gone from production: the deletion was stopped on the way.
        4 of 5 objects deleted.
        Next: /docc rollback kubecon-2017 in=production brings back what is gone.
        Asked by @developer, release 2
        [Roll back to 2016] [Retry]"
      `);
      expect(await there(stage)).toBe(false);
    });

    it("is followed by nothing, and taken up by the next deletion", async () => {
      await answers(stage, `/docc status ${app}`, /something of it may be left/);
      expect(await stage.releases()).toHaveLength(2);
      await command(stage, deletes);
      await held(stage);
      await hold(stage, null);
      const release = await stage.ended(3);
      expect([release.spec.kind, say(release)]).toEqual(["delete", "succeeded"]);
    });

    it("is no longer possible once it is over", async () => {
      const [, stopped] = await stage.releases();
      await answers(
        stage,
        `/docc cancel ${stopped?.metadata.name ?? ""}`,
        /It is over already: failed\./,
      );
    });

    it("leaves the way back open: a rollback brings all of it", async () => {
      await command(stage, `/docc rollback ${app}`);
      expect(say(await stage.ended(4))).toBe("succeeded");
      expect(await there(stage)).toBe(true);
    });
  });
}

/** Before its first object goes, everything that holds a deploy up holds a deletion up, and nothing is gone. */
export function deletionHeldUpJob(target: Target): void {
  describe(`holding a deletion up on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    let count = 1;
    beforeAll(async () => {
      stage = await withApp(target);
      await stage.restart({ settings: { approval } });
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    /** A deletion that waits for a yes, and the number of its root message. */
    const asked = async (): Promise<{ readonly release: Release; readonly nth: number }> => {
      await command(stage, deletes);
      count += 1;
      const release = await stage.until("the deletion waits for a yes", async () =>
        (await stage.releases()).find(
          ({ spec, status }) => spec.kind === "delete" && status?.phase === "awaiting-approval",
        ),
      );
      const nth = await rootOf(stage, release);
      await rootSays(stage, nth, /\[Approve\] \[Reject\] \[View diff\] \[Cancel\]/);
      return { release, nth };
    };
    const ends = async (how: string, { metadata: { name } }: Release): Promise<void> => {
      const ended = await stage.until(`${name} has ended`, async () =>
        (await stage.releases()).find(
          ({ metadata, status }) => metadata.name === name && status?.finishedAt !== undefined,
        ),
      );
      expect(say(ended)).toBe(how);
      expect(ended.status).not.toHaveProperty("revision");
      expect(await there(stage)).toBe(true);
      await answers(stage, `/docc status ${app}`, /runs 2016/);
    };

    it("by Cancel, before it is applied", async () => {
      const { release, nth } = await asked();
      await press(stage, "developer", nth, "Cancel");
      await ends("cancelled", release);
      await rootSays(stage, nth, /@developer/);
    });

    it("by a lock that came after it was asked for, at the yes; and at once by one that holds", async () => {
      const { release, nth } = await asked();
      await command(stage, `/docc lock ${app} reason="load test"`, "maintainer");
      await hears(stage, "maintainer", /Locked kubecon-2017 in production: load test\./);
      await press(stage, "approver", nth, "Approve");
      await ends("refused: locked", release);
      await rootSays(stage, nth, /kubecon-2017 is locked by @maintainer: load test/);
      await answers(
        stage,
        deletes,
        /^Not deleted: kubecon-2017 is locked by @maintainer: load test\./,
      );
      expect(await stage.releases()).toHaveLength(count);
      await command(stage, `/docc unlock ${app}`, "maintainer");
      await hears(stage, "maintainer", /Unlocked kubecon-2017 in production\./);
    });

    it("by a freeze that has begun since, at the yes; and at once while it lasts", async () => {
      const { release, nth } = await asked();
      const freezes = [{ from: "0 * * * *", lasts: "70m", reason: "the keynote" }];
      await stage.restart({ settings: { approval, freezes } });
      await press(stage, "approver", nth, "Approve");
      await ends("refused: frozen", release);
      await rootSays(stage, nth, /production is frozen until .* UTC \(the keynote\)/);
      await answers(
        stage,
        deletes,
        /^Not deleted: production is frozen until .* \(the keynote\)\./,
      );
      expect(await stage.releases()).toHaveLength(count);
      await stage.restart({ settings: { approval } });
    });

    it("by a newer request, where those take over; and takes an older one's place itself", async () => {
      await stage.restart({ settings: { approval, supersede: true } });
      const { release: older } = await asked();
      await command(stage, `/docc deploy ${app} tag=2017`);
      count += 1;
      await ends("superseded: newer-request", older);
      const deploy = await waiting(stage, count);
      const { release: newer, nth } = await asked();
      await ends("superseded: newer-request", deploy);
      await press(stage, "approver", nth, "Approve");
      const release = await stage.ended(count);
      expect([release.metadata.name, say(release)]).toEqual([newer.metadata.name, "succeeded"]);
      expect(await there(stage)).toBe(false);
    });
  });
}

/** Whoever asks behind a deletion under way finds nothing there, and begins anew. */
export function deletionAheadJob(target: Target): void {
  describe(`a deletion ahead of others on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await withApp(target);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("is waited for by a deploy with a manifest, which is a first one then", async () => {
      await hold(stage, ["example.com/hold"]);
      await command(stage, deletes);
      await held(stage);
      await answers(stage, `/docc deploy ${app} tag=2017`, /its first deploy needs its manifest/);
      await answers(stage, deletes, /is being deleted from production by release 2\./);
      await uploadManifest(stage, "4-tls.json", "tag=2017");
      await rootSays(stage, 3, /the uploaded manifest -> production[^]*Accepted/);
      await hold(stage, null);
      const release = await stage.ended(3);
      expect(say(release)).toBe("succeeded");
      expect(release.status).toMatchObject({ revision: 3, plan: { from: "", to: "2017" } });
      const [, deletion] = await stage.releases();
      expect(deletion && say(deletion)).toBe("succeeded");
      expect(await there(stage)).toBe(true);
    });

    it("waits for pods that somebody has orphaned, names them, and deletes none", async () => {
      const { api } = stage.world;
      const ref = { namespace: stage.apps, name: app };
      await api.delete(deployments, ref, { propagationPolicy: "Orphan" });
      await stage.until("the Deployment is gone", async () =>
        (await there(stage)) ? undefined : true,
      );
      await command(stage, deletes);
      const release = await stage.ended(4);
      expect(say(release)).toBe("failed: deletion-held");
      expect(release.status?.verdict).toMatchObject({
        affected: "4 objects deleted.",
        cause: {
          sentence: expect.stringMatching(
            /^Pod kubecon-2017-\S+ is there still, and nobody deletes it$/,
          ) as unknown,
          next: "see to what holds it; nothing else of kubecon-2017 is left",
        },
      });
      const mine = { namespace: stage.apps, labelSelector: `app.kubernetes.io/instance=${app}` };
      expect((await api.listAll(pods, mine)).items).toHaveLength(3);
      expect((await api.listAll(replicaSets, mine)).items).toHaveLength(1);
    });

    it("is over once somebody has seen to them: the app comes back by its manifest", async () => {
      const { api } = stage.world;
      const mine = { namespace: stage.apps, labelSelector: `app.kubernetes.io/instance=${app}` };
      for (const { metadata } of (await api.listAll(replicaSets, mine)).items) {
        const ref = { namespace: stage.apps, name: metadata.name };
        await api.delete(replicaSets, ref, { propagationPolicy: "Background" });
      }
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      expect(say(await stage.ended(5))).toBe("succeeded");
    });
  });
}

/** Keeps the Ingress, which goes first, or lets it go. */
async function hold({ world, apps }: Stage, finalizers: readonly string[] | null): Promise<void> {
  const ref = { namespace: apps, name: app };
  await world.api.patch(ingresses, ref, { metadata: { finalizers } });
}

async function held(stage: Stage): Promise<void> {
  await stage.until("the deletion waits for what is held", async () =>
    (await stage.releases()).find(
      ({ spec, status }) => spec.kind === "delete" && status?.phase === "progressing",
    ),
  );
}

async function there({ world, apps }: Stage): Promise<boolean> {
  return (await world.api.find(deployments, { namespace: apps, name: app })) !== undefined;
}

/** The number of a release's root message, once there is one. */
async function rootOf(stage: Stage, { metadata: { name } }: Release): Promise<number> {
  return stage.until(`${name} has a root message`, async () => {
    const release = (await stage.releases()).find(({ metadata }) => metadata.name === name);
    const at = stage.roots().findIndex(({ ts }) => ts === release?.status?.slack?.ts);
    return at < 0 ? undefined : at + 1;
  });
}
