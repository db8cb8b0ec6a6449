import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { pass, statusAnswer } from "../support/proxy/fates.ts";
import { deployed, named, press, waiting } from "./deciding.ts";
import { rootSays, threadSays, uploadManifest } from "./main-job.ts";
import { embedded, openStage, type Stage } from "./stage.ts";

/** In steps of the stage; docc remembers a group for one minute. */
const twoMinutes = 240;
/** docc believes users.info for five seconds. */
const sixSeconds = 12;

/** Ways in which somebody stops being one who may, and how long docc may still believe otherwise. */
const leavings: readonly (readonly [
  where: string,
  leave: (slack: FakeSlack) => void,
  steps: number,
])[] = [
  [
    "their group",
    ({ workspace }) => {
      const group = workspace.usergroups.find(({ id }) => id === "SKUBECON");
      if (group === undefined) throw new Error("the workspace has the group");
      workspace.putUsergroup({ ...group, users: ["UMAINTAINER"] });
    },
    twoMinutes,
  ],
  [
    "the workspace",
    ({ workspace }) => workspace.putUser({ ...workspace.findUser("approver"), deleted: true }),
    sixSeconds,
  ],
  [
    "the full members",
    ({ workspace }) => workspace.putUser({ ...workspace.findUser("approver"), isGuest: true }),
    sixSeconds,
  ],
];

describe.each(leavings)(
  "an approver who leaves %s between the click and the apply",
  { timeout: 120_000 },
  (_where, leave, mostSteps) => {
    let stage: Stage;
    beforeAll(async () => {
      const settings = { approval: { count: 1, from: ["SKUBECON"] } };
      stage = await openStage({ ...embedded, settings, hasProxies: true }, "socket");
    }, 60_000);
    afterAll(() => stage.close(), 60_000);

    it("does not count: there is another plan, for those who are left", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      const { metadata, status } = await waiting(stage, 1);
      await rootSays(stage, 1, /\[Approve\]/);
      // Between the click and the apply the cluster takes no dry run.
      stage.proxies?.kube.follow(({ kind }) =>
        kind.endsWith("(dry run)") ? statusAnswer(503, "ServiceUnavailable") : pass,
      );
      await press(stage, "approver", 1, "Approve");
      await stage.until("it is approved", async () => {
        const phase = (await named(stage, metadata.name))?.status?.phase;
        return phase === "approved" ? true : undefined;
      });
      leave(stage.slack);
      let steps = 0;
      await stage.until("docc has forgotten what it may", () => {
        steps += 1;
        return steps > mostSteps ? true : undefined;
      });
      stage.proxies?.kube.follow(() => pass);
      const again = await stage.until("there is another plan", async () => {
        const found = await named(stage, metadata.name);
        const isNew = found?.status?.plan?.number === 2;
        return isNew && found.status?.phase === "awaiting-approval" ? found : undefined;
      });
      expect(again.status?.approvals).toBeUndefined();
      expect(again.status?.plan?.objects).toBe(status?.plan?.objects);
      await threadSays(stage, 1, /^This is plan 2: .* Approvals of that one do not count\.$/);
      expect(await deployed(stage)).toBeUndefined();
    });
  },
);
