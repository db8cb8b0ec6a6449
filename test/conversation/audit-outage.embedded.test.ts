import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import { startWorld, type World } from "../../sandbox/world.ts";
import { systemClock } from "../../src/clock.ts";
import { type AuditStore, createAuditStore } from "../../src/k8s/audit-store.ts";
import { eventually } from "../support/until.ts";

const home = "docc-home";

describe("a command whose record cannot be stored", { timeout: 60_000 }, () => {
  let cluster: EmbeddedCluster;
  let slack: FakeSlack;
  let world: World;
  let store: AuditStore;
  beforeAll(async () => {
    cluster = await startEmbeddedCluster();
    slack = await startFakeSlack({ clock: systemClock });
    world = await startWorld({
      slack,
      cluster: { kubeconfig: { text: cluster.kubeconfig }, home, apps: "apps" },
    });
    store = createAuditStore(world.api, home);
  }, 60_000);
  afterAll(async () => {
    await slack.stop();
    await cluster.stop();
  });

  const words = async (): Promise<readonly string[]> =>
    (await store.waiting(100)).map(({ record }) => record.word).toSorted();
  const fail = (kind: "status500" | "commit-then-reset", times: number): void =>
    cluster.faults.add({ match: { method: "POST", path: /\/auditrecords/ }, times, kind });
  const command = async (text: string): Promise<void> => {
    const { ack } = await slack.as("developer").command("#deploys", text);
    expect(ack.ok).toBe(true);
  };

  it("is answered all the same, and recorded when the cluster takes it", async () => {
    fail("status500", 2);
    await command("/docc help");
    await eventually("the answer", () =>
      Promise.resolve(
        slack.ephemerals("developer").find(({ text }) => text.includes("docc deploys")),
      ),
    );
    await eventually("the record", async () =>
      (await words()).includes("help") ? true : undefined,
    );
  });

  it("is recorded once when the answer to the write was lost", async () => {
    fail("commit-then-reset", 1);
    await command("/docc list");
    await command("/docc audit");
    await eventually("what came after it", async () =>
      (await words()).includes("audit") ? true : undefined,
    );
    expect(await words()).toEqual(["audit", "help", "list"]);
  });

  it("is recorded before docc has stopped", async () => {
    fail("status500", 1);
    await command("/docc validate");
    await world.stop();
    const again = await startWorld({
      slack,
      cluster: { kubeconfig: { text: cluster.kubeconfig }, home, apps: "apps" },
    });
    const after = createAuditStore(again.api, home);
    const found = (await after.waiting(100)).map(({ record }) => record.word);
    expect(found).toContain("validate");
    await again.stop();
  });
});
