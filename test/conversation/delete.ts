import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  applications,
  configMaps,
  deployments,
  ingresses,
  kindOf,
  pods,
  replicaSets,
  services,
} from "../../src/k8s/kinds.ts";
import { asApplication } from "../../src/k8s/records.ts";
import type { ApplicationStatus, ObjectRef, Release } from "../../src/release/release.ts";
import { answers, hears, press, waiting } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const app = "kubecon-2017";
const own = {
  "app.kubernetes.io/name": app,
  "app.kubernetes.io/instance": app,
  "app.kubernetes.io/managed-by": "docc",
  "docc.dev/environment": "production",
};

/** Ending an app: everything that docc made of it and nothing else, and after that it can come back. */
export function deleteJob(target: Target): void {
  describe(`deleting on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    let made: readonly ObjectRef[] = [];
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      made = (await stage.ended(1)).status?.inventory ?? [];
      await strangers(stage);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("asks for the name in a form, and stores nothing before it is typed", async () => {
      await command(stage, `/docc delete ${app} reason="the conference is over"`);
      const view = await form(stage);
      for (const typed of ["kubecon-2018", "kubecon-2017 --force", 'kubecon-2017" in="staging']) {
        const { errors } = await stage.slack.as("developer").submit(view, { confirm: typed });
        expect(errors).toEqual({
          confirm:
            "That is not the name: kubecon-2017 in production is deleted by typing kubecon-2017.",
        });
      }
      expect(await stage.releases()).toHaveLength(1);
      expect(await left(stage, made)).toHaveLength(made.length);
    });

    it("deletes every object that docc made, and waits for their pods", async () => {
      await confirm(stage, await form(stage));
      const release = await stage.ended(2);
      expect(say(release)).toBe("succeeded");
      expect(release.status).toMatchObject({ revision: 2, inventory: [] });
      expect(await left(stage, made)).toEqual([]);
      const mine = { namespace: stage.apps, labelSelector: `app.kubernetes.io/instance=${app}` };
      expect((await stage.world.api.listAll(replicaSets, mine)).items).toEqual([]);
      expect((await stage.world.api.listAll(pods, mine)).items).toEqual([]);
    });

    it("tells in the thread what goes and what stays, and the verdict", async () => {
      const begun = await threadSays(stage, 2, /^Deleting 5 objects: /m);
      expect(begun.replaceAll(stage.domain, "DOMAIN")).toMatchInlineSnapshot(`
        "Deleting 5 objects: Ingress kubecon-2017, Certificate kubecon-2017, PodDisruptionBudget kubecon-2017, Service kubecon-2017, Deployment kubecon-2017.
        kubecon-2017.DOMAIN does not answer any more.
        Service copied stays: it has the app's labels, and docc did not make it.
        Secret kubecon-2017-tls stays, unless cert-manager removes it: docc did not make it."
      `);
      expect(await threadSays(stage, 2, /is gone from production/)).toMatchInlineSnapshot(
        `"kubecon-2017 is gone from production: 5 objects deleted."`,
      );
      const root = await rootSays(stage, 2, /is gone from production/);
      expect(root.replaceAll(/\d+(\.\d+)?(ms|m?s)/gu, "TIME")).toMatchInlineSnapshot(`
        "Delete kubecon-2017 from production   2016
        kubecon-2017 is gone from production: 5 objects deleted.
        Asked by @developer, release 2: "the conference is over"
        [Roll back to 2016]"
      `);
    });

    it("leaves alone what docc did not make, whatever its labels say", async () => {
      const there = async (name: string) =>
        stage.world.api.find(services, { namespace: stage.apps, name });
      expect(await there("foreign")).toBeDefined();
      expect(await there("copied")).toBeDefined();
      const ref = { namespace: stage.apps, name: "foreign" };
      expect(await stage.world.api.find(configMaps, ref)).toBeDefined();
    });

    it("says that nothing is applied, and keeps the history", async () => {
      const { applied, deleted, inventory, nextRevision } = await head(stage);
      expect({ applied, inventory, nextRevision }).toEqual({ inventory: [], nextRevision: 3 });
      expect(deleted?.revision).toBe(2);
      await answers(stage, "/docc list", /No app is deployed yet\./);
      await answers(stage, `/docc status ${app}`, /was deleted from production by release 2\./);
      await answers(stage, `/docc show ${app}`, /was deleted from production by release 2\./);
      await answers(stage, `/docc show ${app} revision=1`, /"image_tag": "2016"/);
      await answers(stage, `/docc inspect ${app}`, /was deleted from production by release 2\./);
      await answers(stage, `/docc history ${app}`, /rollback returns here/);
      await answers(stage, `/docc delete ${app}`, /was deleted from production by release 2\./);
      await answers(stage, `/docc deploy ${app} tag=2017`, /its first deploy needs its manifest/);
      await answers(stage, `/docc rollback ${app} to=2`, /Revision 2 .* is its deletion\./);
    });

    it("comes back by a rollback, as the next revision", async () => {
      await command(stage, `/docc rollback ${app}`);
      const release = await stage.ended(3);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.revision).toBe(3);
      expect(await left(stage, made)).toHaveLength(made.length);
      expect(await head(stage)).not.toHaveProperty("deleted");
    });

    it("names what a finalizer holds, and ends at the deadline", async () => {
      const ref = { namespace: stage.apps, name: app };
      await stage.world.api.patch(ingresses, ref, {
        metadata: { finalizers: ["example.com/hold"] },
      });
      await deletes(stage);
      const release = await stage.ended(4);
      expect(say(release)).toBe("failed: deletion-held");
      expect(release.status?.verdict).toMatchObject({
        affected: "4 of 5 objects deleted.",
        cause: { sentence: `Ingress ${app} is held by its finalizer example.com/hold` },
      });
      expect(release.status?.inventory).toMatchObject([{ kind: "Ingress", name: app }]);
      await rootSays(stage, 4, /is not gone from production: Ingress kubecon-2017 is held by/);
      await answers(stage, `/docc status ${app}`, /something of it may be left/);
    });

    it("is taken up by the next deletion once nothing holds it", async () => {
      const ref = { namespace: stage.apps, name: app };
      await stage.world.api.patch(ingresses, ref, { metadata: { finalizers: null } });
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      expect(say(await stage.ended(5))).toBe("succeeded");
      await deletes(stage);
      expect(say(await stage.ended(6))).toBe("succeeded");
      expect(await left(stage, made)).toEqual([]);
    });

    it("is deployed again by its manifest, as a first deploy", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2017");
      const release = await stage.ended(7);
      expect(say(release)).toBe("succeeded");
      expect(release.status).toMatchObject({ revision: 7, plan: { from: "", to: "2017" } });
      await rootSays(stage, 7, /2017 is live in production\. 3 of 3 ready/);
    });
  });
}

/** A deletion keeps the rules: approval, one at a time. */
export function deletionRulesJob(target: Target): void {
  describe(`deleting by the rules on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const settings = { approval: { count: 1, from: ["SKUBECON"] } };
      stage = await openStage({ ...target, settings }, "socket");
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      await waiting(stage, 1);
      await rootSays(stage, 1, /\[Approve\]/);
      await press(stage, "approver", 1, "Approve");
      await stage.ended(1);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("waits for a yes that says what it is given to", async () => {
      await deletes(stage);
      const release = await waiting(stage, 2);
      expect(release.status?.plan).toMatchObject({
        objects: "[]",
        policy: { approvals: 1, approvers: ["SKUBECON"] },
      });
      expect(await threadSays(stage, 2, /Approval needed/)).toMatchInlineSnapshot(
        `"@kubecon-team: Approval needed: deletion of kubecon-2017 2016 from production, by @developer. 5 objects go, 1 known risk."`,
      );
      const root = await rootSays(stage, 2, /\[Approve\]/);
      const { name } = release.metadata;
      const fixed = root
        .replace(/until .*? UTC/u, "until TIME")
        .replace(name, "NAME")
        .replaceAll(stage.domain, "DOMAIN");
      expect(fixed).toMatchInlineSnapshot(`
        "Delete kubecon-2017 from production   2016
        Waiting for approval.
        Deletes: Ingress kubecon-2017, Certificate kubecon-2017, PodDisruptionBudget kubecon-2017, Service kubecon-2017, Deployment kubecon-2017.
        Known risks: kubecon-2017.DOMAIN does not answer any more.
        Warning: Secret kubecon-2017-tls stays, unless cert-manager removes it: docc did not make it.
        Any 1 of @kubecon-team, until TIME.
        Asked by @developer, release NAME
        [Approve] [Reject] [View diff] [Cancel]"
      `);
      await press(stage, "developer", 2, "Approve");
      await hears(stage, "developer", /somebody else must approve it/);
      expect(await there(stage)).toBe(true);
    });

    it("is planned anew where something else stands there by now", async () => {
      const ref = { namespace: stage.apps, name: app };
      await stage.world.api.delete(services, ref);
      await stage.world.api.create(services, {
        metadata: ref,
        spec: { ports: [{ name: "http", port: 80 }] },
      });
      await press(stage, "approver", 2, "Approve");
      const second = await stage.until("there is another plan", async () => {
        const all = await stage.releases();
        return all.find(
          ({ status }) => status?.plan?.number === 2 && status.phase === "awaiting-approval",
        );
      });
      expect(second.status?.plan?.warnings).toContain(
        "Service kubecon-2017 stays: it is not docc's for this app any more",
      );
      await rootSays(stage, 2, /Service kubecon-2017 stays/);
    });

    it("goes once somebody else has said yes", async () => {
      await press(stage, "approver", 2, "Approve");
      expect(say(await stage.ended(2))).toBe("succeeded");
      expect(await there(stage)).toBe(false);
    });
  });
}

/** A deletion takes its turn behind a release in flight. */
export function deletionQueueJob(target: Target): void {
  describe(`deleting what is in flight on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "1-application.json", "tag=2016");
      await stage.ended(1);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("waits for the rollout ahead, and then ends what that has made", async () => {
      await command(stage, `/docc deploy ${app} tag=2017`);
      await stage.until("the rollout is under way", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "progressing"),
      );
      await deletes(stage);
      const release = await stage.ended(3);
      expect(release.spec.kind).toBe("delete");
      expect(say(release)).toBe("succeeded");
      const phases = (await stage.releases()).map(({ status }) => status?.phase);
      expect(phases).toEqual(["succeeded", "succeeded", "succeeded"]);
      expect(revisions(await stage.releases())).toEqual([1, 2, 3]);
      expect(await there(stage)).toBe(false);
    });
  });
}

function revisions(releases: readonly Release[]): readonly (number | undefined)[] {
  return releases.map(({ status }) => status?.revision).toSorted((a = 0, b = 0) => a - b);
}

async function form(stage: Stage) {
  return stage.until("the form opens", () => {
    const view = stage.slack.views("developer").at(-1);
    return view?.callbackId === "confirm_form" ? view : undefined;
  });
}

async function confirm(stage: Stage, view: Awaited<ReturnType<typeof form>>): Promise<void> {
  const { errors } = await stage.slack.as("developer").submit(view, { confirm: "Kubecon-2017 " });
  expect(errors).toEqual({});
}

async function deletes(stage: Stage): Promise<void> {
  await command(stage, `/docc delete ${app}`);
  await confirm(stage, await form(stage));
}

async function there(stage: Stage): Promise<boolean> {
  const ref = { namespace: stage.apps, name: app };
  return (await stage.world.api.find(deployments, ref)) !== undefined;
}

async function head({ world, home }: Stage): Promise<ApplicationStatus> {
  const ref = { namespace: home, name: `production.${app}` };
  const { status } = asApplication(await world.api.get(applications, ref));
  if (status === undefined) throw new Error("the head has no status");
  return status;
}

/** What is there still of what docc made. */
async function left({ world }: Stage, made: readonly ObjectRef[]): Promise<readonly string[]> {
  const found = await Promise.all(
    made.map(async ({ apiVersion, kind, namespace, name }) => {
      const known = kindOf(apiVersion, kind);
      const live = known && (await world.api.find(known, { namespace, name }));
      return live === undefined ? [] : [`${kind} ${name}`];
    }),
  );
  return found.flat();
}

/** Made by others: with the app's labels, and with docc's own labels copied. */
async function strangers({ world, apps }: Stage): Promise<void> {
  const labels = { "app.kubernetes.io/name": app, "app.kubernetes.io/instance": app };
  const ports = [{ name: "http", port: 80 }];
  const foreign = { namespace: apps, name: "foreign", labels };
  await world.api.create(configMaps, { metadata: foreign, data: {} });
  await world.api.create(services, { metadata: foreign, spec: { ports } });
  const copied = { namespace: apps, name: "copied", labels: own };
  await world.api.create(services, { metadata: copied, spec: { ports } });
}
