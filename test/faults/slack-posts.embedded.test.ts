import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../sandbox/slack/types.ts";
import { scopes } from "../../src/slack/scopes.ts";
import { command, rootSays, say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage, type Target } from "../conversation/stage.ts";
import { pass } from "../support/proxy/fates.ts";

/** Slack has the message, and docc never hears so (docs/faults.md). */
function lostAnswers(what: string, target: Target, tests: (given: Given) => void): void {
  describe(what, { timeout: 120_000 }, () => {
    let stage: Stage;
    let ended = 1;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "1-application.json", "tag=2016");
      expect(say(await stage.ended(1))).toBe("succeeded");
      await rootSays(stage, 1, /2016 is live/);
    }, 120_000);
    afterEach(() => stage.slack.faults.clear());
    afterAll(() => stage.close(), 60_000);
    tests({
      stage: () => stage,
      lose: (times) =>
        stage.slack.faults.add({ method: "chat.postMessage", kind: "accept-then-reset", times }),
      deploys: async (tag) => {
        const before = stage.roots().length;
        await command(stage, `/docc deploy kubecon-2017 tag=${tag}`);
        ended += 1;
        expect(say(await stage.ended(ended))).toBe("succeeded");
        return toldIn(stage, before, tag);
      },
    });
  });
}

interface Given {
  readonly stage: () => Stage;
  /** Slack takes the next so many messages, and cuts the line before it says so. */
  readonly lose: (times: number) => void;
  /** Deploys to a good end; its root messages, once one of them has the verdict. */
  readonly deploys: (tag: string) => Promise<readonly Message[]>;
}

async function toldIn(stage: Stage, before: number, tag: string): Promise<readonly Message[]> {
  const isLive = (root: Message): boolean => stage.read(root).includes(`${tag} is live`);
  return stage.until("the verdict is told", async () => {
    const [release] = (await stage.releases()).slice(-1);
    const isNoted = release?.status?.slack?.told.includes("shown") === true;
    const roots = stage.roots().slice(before);
    return isNoted && roots.some(isLive) ? roots : undefined;
  });
}

function threadOf(stage: Stage, root: Message | undefined): readonly string[] {
  return stage.slack.thread("#deploys", root?.ts ?? "").map((reply) => stage.read(reply));
}

lostAnswers("an ambiguous post, where docc may look", embedded, ({ stage, lose, deploys }) => {
  it("is found by its metadata and edited: no duplicate, however many answers are lost", async () => {
    for (const [times, tag] of [
      [1, "2017"],
      [2, "2016"],
      [3, "2017"],
    ] as const) {
      lose(times);
      const roots = await deploys(tag);
      expect(roots).toHaveLength(1);
      const replies = threadOf(stage(), roots[0]);
      expect(new Set(replies).size).toBe(replies.length);
      expect(replies.filter((text) => text.startsWith("Applied"))).toHaveLength(1);
    }
    expect(stage().slack.faults.pending).toEqual([]);
  });

  it("that comes to light late is one duplicate, which then says where the release is told", async () => {
    lose(1);
    // The first look does not show it yet.
    const method = "conversations.history";
    stage().slack.faults.add({ method, kind: "error:channel_not_found", times: 1 });
    const [copy, root, ...others] = await deploys("2016");
    expect(others).toEqual([]);
    const id = root?.ts.replace(".", "") ?? "";
    await stage().until("the copy points there", () =>
      stage()
        .roots()
        .some((each) => each.ts === copy?.ts && stage().read(each).includes(`/p${id}`))
        ? true
        : undefined,
    );
    const [release] = (await stage().releases()).slice(-1);
    expect(release?.status?.slack).toMatchObject({ ts: root?.ts });
    expect(release?.status?.slack?.posting).toBeUndefined();
  });

  it("is found by the next process, when this one ends before it could look", async () => {
    const before = stage().roots().length;
    lose(1);
    stage().slack.faults.add({ method: "conversations.history", kind: "status500", times: 1_000 });
    await command(stage(), "/docc deploy kubecon-2017 tag=2017");
    await stage().until("the post is in doubt", async () => {
      const [release] = (await stage().releases()).slice(-1);
      const looked = stage().slack.calls("conversations.history").at(-1)?.outcome;
      return release?.status?.slack?.posting === true && looked === "fault:status500"
        ? true
        : undefined;
    });
    // Slack answers again only when this process is gone.
    await stage().world.stop();
    stage().slack.faults.clear();
    await stage().restart({});
    const roots = await toldIn(stage(), before, "2017");
    expect(roots).toHaveLength(1);
  });
});

lostAnswers(
  "an ambiguous post, where docc may not look",
  { ...embedded, scopes, hasProxies: true },
  ({ stage, lose, deploys }) => {
    it("is sent once more, and only once Slack answers: one duplicate, and the verdict is told", async () => {
      const seen: string[] = [];
      stage().proxies?.slack.follow(({ kind }) => {
        if (kind === "chat.postMessage" || kind === "conversations.history") seen.push(kind);
        return kind === "conversations.history" && seen.length <= 3 ? { type: "refuse" } : pass;
      });
      lose(1);
      const roots = await deploys("2017");
      stage().proxies?.slack.follow(() => pass);
      expect(roots).toHaveLength(2);
      const looks = Array.from({ length: 3 }, () => "conversations.history");
      expect(seen.slice(0, 5)).toEqual(["chat.postMessage", ...looks, "chat.postMessage"]);
    });
  },
);
