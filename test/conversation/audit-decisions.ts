import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditRecord } from "../../src/audit/record.ts";
import { recordsIn } from "../../src/audit/segment.ts";
import { type AuditStore, createAuditStore } from "../../src/k8s/audit-store.ts";
import { rootSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Who decided what, on which plan and why; and who was not allowed to. */
export function auditDecisionsJob(target: Target): void {
  describe(`the audit log of decisions on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let store: AuditStore;
    beforeAll(async () => {
      const settings = { approval: { count: 1, from: ["maintainers", "SKUBECON"] } };
      const top = { operators: ["UAPPROVER"], audit: { seal_after: "1m" } };
      stage = await openStage({ ...target, settings, top }, "socket");
      store = createAuditStore(stage.world.api, stage.home);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const recorded = (what: string, isIt: (record: AuditRecord) => boolean) =>
      stage.until(`${what} is recorded`, async () => {
        const waiting = (await store.waiting(1_000)).map(({ record }) => record);
        const found = waiting.find(isIt);
        if (found !== undefined) return found;
        for await (const segment of store.segments()) {
          const sealed = recordsIn(segment).find(isIt);
          if (sealed !== undefined) return sealed;
        }
        return undefined;
      });
    const by = (user: string) => ({ provider: "slack", team: "T0DOCC", user });
    /** The plan that waits, asked for by the developer. */
    const waiting = (nth: number) =>
      stage.until(`release ${nth} waits`, async () =>
        (await stage.releases()).find(
          ({ status }, at) => at === nth - 1 && status?.phase === "awaiting-approval",
        ),
      );
    const press = async (person: string, nth: number, button: string): Promise<void> => {
      await rootSays(stage, nth, /\[Approve\]/);
      const root = stage.roots()[nth - 1];
      if (root === undefined) throw new Error(`there is no root message ${nth}`);
      await stage.slack.as(person).click(root, button);
    };

    it("has the yes that was not taken: of who asked, and of a guest", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      const { metadata, status } = await waiting(1);
      await press("developer", 1, "Approve");
      const own = await recorded("the own yes", ({ word }) => word === "approve");
      expect(own).toMatchObject({
        type: "command",
        who: by("UDEVELOPER"),
        app: "kubecon-2017",
        environment: "production",
        release: metadata.name,
        digest: status?.plan?.digest,
      });
      expect(own.outcome).not.toBe("ok");
      await press("guest", 1, "Approve");
      expect(await recorded("the guest's yes", ({ who }) => who.user === "UGUEST")).toMatchObject({
        word: "approve",
        outcome: "not-allowed",
        digest: status?.plan?.digest,
      });
      await press("guest", 1, "Reject");
      await recorded(
        "the guest's no",
        ({ who, word }) => who.user === "UGUEST" && word === "reject",
      );
    });

    /** The approver's yes to the first plan, by whatever way it came into the log. */
    const counted = async () => {
      const [release] = await stage.releases();
      const digest = release?.status?.plan?.digest;
      const name = release?.metadata.name;
      return { who: by("UAPPROVER"), word: "approve", release: name, digest, outcome: "ok" };
    };
    const isApprovers = ({ who }: AuditRecord): boolean => who.user === "UAPPROVER";

    it("has the yes that counted, with the plan that was looked at", async () => {
      await press("approver", 1, "Approve");
      await stage.ended(1);
      const click = await recorded(
        "the click",
        (each) => each.type === "command" && isApprovers(each),
      );
      expect(click).toMatchObject(await counted());
    });

    it("names who rejected, and why (keel: empty audit user)", async () => {
      await stage.slack.as("developer").command("#deploys", "/docc deploy kubecon-2017 tag=2017");
      const { metadata, status } = await waiting(2);
      await press("approver", 2, "Reject");
      const view = await stage.until("the form opens", () => stage.slack.views("approver").at(-1));
      await stage.slack.as("approver").submit(view, { reason: "not on a Friday" });
      await stage.ended(2);
      const common = {
        who: by("UAPPROVER"),
        app: "kubecon-2017",
        release: metadata.name,
        digest: status?.plan?.digest,
        reason: "not on a Friday",
      };
      expect(
        await recorded("the command", (each) => each.word === "reject" && each.outcome === "ok"),
      ).toMatchObject({ ...common, type: "command" });
      expect(await recorded("the end", ({ word }) => word === "rejected")).toMatchObject({
        ...common,
        type: "end",
      });
    });

    it("has what counted once more, from the release itself", async () => {
      const decision = await recorded(
        "what counted",
        (each) => each.type === "decision" && isApprovers(each),
      );
      expect(decision).toMatchObject({ ...(await counted()), derived: true });
    });
  });
}
