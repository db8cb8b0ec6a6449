import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, leases, releases as releaseKind } from "../../src/k8s/kinds.ts";
import { createRecords } from "../../src/k8s/records.ts";
import { phaseOf } from "../../src/release/phases.ts";
import type { Release } from "../../src/release/release.ts";
import { command, uploadManifest } from "./main-job.ts";
import { type DoccProcess, spawnOn } from "./process.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Two processes of docc on one Slack and one cluster: both answer, one leads, and any may die. */
export function replicasTest(target: Target): void {
  describe(`two replicas on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    const replicas = new Set<DoccProcess>();

    const start = async (): Promise<DoccProcess> => {
      const docc = await spawnOn(stage, target);
      replicas.add(docc);
      return docc;
    };
    const holder = async (): Promise<string> => {
      const lease = await stage.world.api.find(leases, { namespace: stage.home, name: "docc" });
      return lease?.spec?.holderIdentity ?? "";
    };
    const leader = async (): Promise<DoccProcess> =>
      stage.until("one of the replicas leads", async () => {
        const name = await holder();
        return [...replicas].find((each) => name !== "" && each.identity() === name);
      });
    const standby = async (): Promise<DoccProcess> => {
      const leading = await leader();
      const other = [...replicas].find((each) => each !== leading);
      if (other === undefined) throw new Error("there is no second replica");
      return other;
    };
    const release = async (number: number): Promise<Release | undefined> =>
      (await stage.releases())[number - 1];
    /** The release once its verdict is noted as shown. */
    const shown = (number: number): Promise<Release> =>
      stage.until(`the verdict of release ${number} is noted as shown`, async () => {
        const found = await release(number);
        return found?.status?.slack?.told.includes("shown") === true ? found : undefined;
      });
    /** The release once its rollout is under way and told. */
    const midway = (number: number): Promise<Release> =>
      stage.until(`release ${number} rolls out, and says so`, async () => {
        const found = await release(number);
        const isTold = found?.status?.slack?.told.includes("applied") === true;
        return isTold && phaseOf(found) === "progressing" ? found : undefined;
      });
    /** One root, nothing in its thread twice, and the verdict. */
    const toldOnce = async (number: number, { status }: Release): Promise<void> => {
      await stage.until("the verdict is told", () =>
        stage.roots().length === number &&
        stage
          .roots()
          .slice(-1)
          .every((root) => stage.read(root).includes("is live in production"))
          ? true
          : undefined,
      );
      const texts = stage.slack
        .thread("#deploys", status?.slack?.ts ?? "")
        .map((reply) => stage.read(reply));
      expect(texts.filter((text) => text.startsWith("Applied"))).toHaveLength(1);
      expect(new Set(texts).size).toBe(texts.length);
      expect(status?.slack?.ts).toBe(stage.roots()[number - 1]?.ts);
      expect(status?.transitions.map(({ phase }) => phase)).toEqual([
        "accepted",
        "planned",
        "applying",
        "progressing",
        "verifying",
        "succeeded",
      ]);
    };
    const remove = (docc: DoccProcess): void => void replicas.delete(docc);

    beforeAll(async () => {
      stage = await openStage(target, "none");
      await start();
      await start();
    }, 120_000);
    afterAll(async () => {
      for (const docc of replicas) docc.wake();
      await Promise.all([...replicas].map((docc) => docc.kill()));
      await stage.close();
    }, 60_000);

    it("elect one leader, and both are ready", async () => {
      await leader();
      expect(replicas.size).toBe(2);
    });

    it("carry out what the standby accepts, and tell it once", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      await toldOnce(1, await stage.ended(1));
      // Slack hands each payload to one of the connections: both have to take commands.
      const accepted = async (docc: DoccProcess): Promise<boolean> =>
        stage.until("commands reach both", async () => {
          await command(stage, "/docc list");
          return docc.log().includes('"command":"list"') ? true : undefined;
        });
      await accepted(await leader());
      await accepted(await standby());
    });

    it("go on in the same thread when the leader is killed in the middle of a rollout", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      const before = await midway(2);
      const dying = await leader();
      const next = await standby();
      await dying.kill();
      remove(dying);
      const after = await stage.ended(2);
      expect(after.status?.slack?.ts).toBe(before.status?.slack?.ts);
      expect(await holder()).toBe(next.identity());
      await toldOnce(2, after);
      await start();
    });

    it("keep a leader from acting that stood still for longer than its lease", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      await midway(3);
      const sleeper = await leader();
      const next = await standby();
      sleeper.pause();
      const ended = await stage.ended(3);
      await toldOnce(3, ended);
      const noted = await shown(3);
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      const before = {
        release: noted,
        deployment: await stage.world.api.get(deployments, ref),
        messages: stage.slack.messages("#deploys"),
      };
      sleeper.wake();
      await stage.until("the sleeper has noticed", () =>
        sleeper.log().includes("this replica leads no more") ? true : undefined,
      );
      expect(await holder()).toBe(next.identity());
      // It takes part again: what is asked now, of whichever replica, is done and told once.
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await toldOnce(4, await stage.ended(4));
      const after = await release(3);
      expect(after?.status).toEqual(before.release.status);
      expect(after?.metadata.resourceVersion).toBe(before.release.metadata.resourceVersion);
      const { metadata } = await stage.world.api.get(deployments, ref);
      expect(metadata.annotations?.["docc.dev/revision"]).toBe("4");
      expect(before.deployment.metadata.annotations?.["docc.dev/revision"]).toBe("3");
      const kept = stage.slack.messages("#deploys").slice(0, before.messages.length);
      expect(kept.map(({ ts }) => ts)).toEqual(before.messages.map(({ ts }) => ts));
    });

    it("let one of two notes of a thread hold, whatever else has moved", async () => {
      const records = createRecords(stage.world.api, stage.home);
      // The last note that docc itself writes there.
      const read = await shown(4);
      const thread = read.status?.slack;
      if (thread === undefined) throw new Error("release 4 is not told");
      const { name } = read.metadata;
      const label = { metadata: { labels: { moved: "yes" } } };
      await stage.world.api.patch(releaseKind, { namespace: stage.home, name }, label);
      const next = { ...thread, told: [...thread.told, "note"] };
      const written = await records.writeThread(read, next);
      expect(written.status?.slack?.told).toContain("note");
      // The answer was lost, and the same is written again.
      await records.writeThread(read, next);
      const other = { ...thread, ts: "1.0", told: [] };
      await expect(records.writeThread(read, other)).rejects.toMatchObject({ kind: "conflict" });
      expect((await records.findRelease(name))?.status?.slack).toEqual(next);
    });

    /** Who has held the lease since a version of it, until `last` does: read from its story, however slow. */
    const holdersUntil = async (last: string, resourceVersion: string): Promise<string[]> => {
      const stopping = new AbortController();
      const patience = { timeoutSeconds: 60, idleMs: 70_000, signal: stopping.signal };
      const holders: string[] = [];
      const options = { namespace: stage.home, resourceVersion, ...patience };
      for await (const event of stage.world.api.watch(leases, options)) {
        if (event.type === "bookmark" || event.object.metadata?.name !== "docc") continue;
        holders.push(event.object.spec?.holderIdentity ?? "");
        if (holders.at(-1) === last) stopping.abort();
      }
      return holders;
    };

    it("hand over when the leader is asked to stop, and do not wait for the end of its term", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      await midway(5);
      const leaving = await leader();
      const next = await standby();
      const lease = await stage.world.api.get(leases, { namespace: stage.home, name: "docc" });
      const since = lease.metadata?.resourceVersion ?? "";
      const gone = leaving.terminate();
      const holders = await holdersUntil(next.identity(), since);
      expect(holders.filter((each) => each !== leaving.identity())).toEqual(["", next.identity()]);
      expect(await gone).toBe(0);
      remove(leaving);
      await toldOnce(5, await stage.ended(5));
    });
  });
}
