import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderView } from "../../sandbox/slack/render.ts";
import type { Ports } from "../../src/commands/ports.ts";
import { registry } from "../../src/commands/registry.ts";
import type { Release } from "../../src/release/release.ts";
import { until } from "../support/until.ts";
import { running, worldOf } from "../commands/ports.ts";
import { type Harness, startHarness } from "./harness.ts";
import { plan, releaseIn } from "./releases.ts";

const approver = "UAPPROVER";
const digest = `sha256:${"a".repeat(64)}`;
const waiting = releaseIn("awaiting-approval", {
  spec: { environment: "staging" },
  status: {
    app: "kubecon-2017",
    plan: { ...plan, digest, policy: { ...plan.policy, approvals: 1, approvers: [approver] } },
  },
});

/** web is the developer's, till a team's of nobody here; one release waits for the approver. */
class Shop {
  readonly heard: string[] = [];
  releases: readonly Release[] = [waiting];
  readonly ports: Ports;
  readonly stored: ReturnType<typeof worldOf>["stored"];

  constructor() {
    const { ports, stored } = worldOf({
      apps: [
        running("web", { maintainer: ["developer@corp.example.com"] }),
        running("till", { maintainer: ["x@example.com"], team: "shop" }),
        running("talks", { maintainer: ["SKUBECON"], team: "events" }),
      ],
      health: (app) => {
        this.heard.push(app);
        return Promise.resolve({ ready: 2, wanted: 3 });
      },
    });
    this.stored = stored;
    this.ports = {
      ...ports,
      releases: {
        ...ports.releases,
        all: () => this.releases,
        unfinished: () => this.releases.filter(({ status }) => status?.finishedAt === undefined),
        find: (name) => Promise.resolve(this.releases.find((each) => each.metadata.name === name)),
      },
      mayApprove: (person) => Promise.resolve(person.user === approver),
      decide: (_name, { verdict }) => {
        const phase = verdict === "approve" ? "approved" : "rejected";
        const status = { ...waiting.status, transitions: [], phase } as const;
        this.releases = [{ ...waiting, status }];
        return Promise.resolve({ status });
      },
    };
  }
}

describe.each(["socket", "http"] as const)("the App Home in %s mode", (mode) => {
  let harness: Harness;
  let shop: Shop;

  beforeEach(async () => {
    shop = new Shop();
    harness = await startHarness({ mode, registry, ports: shop.ports });
  });
  afterEach(async () => {
    await harness.stop();
  });

  const homeOf = (user: string) => {
    const view = harness.slack.home(user);
    if (view === undefined) throw new Error(`${user} has no home`);
    return view;
  };
  const read = (user: string): string => {
    const view = harness.slack.home(user);
    return view === undefined ? "" : renderView(view, harness.slack.names);
  };
  const published = () => harness.slack.calls("views.publish").length;
  const shows = (user: string, text: string): Promise<unknown> =>
    harness.slack.waitFor(() => read(user).includes(text));
  const open = async (user: string): Promise<void> => {
    const before = published();
    await harness.slack.as(user).openHome();
    await harness.slack.waitFor(() => published() > before);
  };
  const modalOf = (user: string, text: string) =>
    harness.slack.waitFor(() => {
      const view = harness.slack.views(user).at(-1);
      const isThere = view !== undefined && renderView(view, harness.slack.names).includes(text);
      return isThere ? view : undefined;
    });

  it("is made for who opens it, with their own apps first", async () => {
    await open("developer");
    const text = read("developer");
    expect(text).toMatch(/Nothing waits for your approval[^]*Your apps\nweb in staging/);
    expect(text).toMatch(
      /Other apps\n[^]*events: talks in staging, 2017: unhealthy, 2 of 3\n[^]*shop: till/,
    );
    expect(shop.heard).toEqual(["web", "talks", "till"]);
    await open("approver");
    expect(read("approver")).toMatch(
      /Waits for your approval \(1\)[^]*\[Approve\] \[Reject\] \[View diff\]/,
    );
    // By the usergroup that the manifest names.
    expect(read("approver")).toMatch(/Your apps\ntalks in staging: unhealthy, 2 of 3/);
    expect(harness.slack.calls("usergroups.list")).toHaveLength(1);
  });

  it("takes a yes there, answers over the page, and shows what came of it", async () => {
    await open("approver");
    const before = published();
    await harness.slack.as("approver").click(homeOf("approver"), "Approve");
    await modalOf("approver", "Approved: ");
    await shows("approver", "Nothing waits for your approval.");
    expect(published()).toBe(before + 1);
    expect(harness.slack.dms("approver")).toEqual([]);
    expect(harness.audits).toMatchObject([{ command: "approve", user: approver, outcome: "ok" }]);
    // The page after a press takes what was known a moment ago.
    expect(shop.heard).toEqual(["talks", "till", "web"]);
  });

  it("takes a no with its reason, told in a direct message", async () => {
    await open("approver");
    const gesture = await harness.slack.as("approver").click(homeOf("approver"), "Reject");
    await harness.slack.as("approver").submit(await gesture.opened(), { reason: "not today" });
    await shows("approver", "Nothing waits for your approval.");
    expect(harness.slack.dms("approver").map(({ text }) => text)).toEqual([
      "Rejected: kubecon-2017 in staging. Its thread tells the rest.",
    ]);
  });

  it("answers what one looks up in a modal, tables too, and is not made anew for it", async () => {
    await open("developer");
    const before = published();
    await harness.slack.as("developer").click(homeOf("developer"), "All apps");
    const view = await modalOf("developer", "docc runs 3 apps.");
    expect(renderView(view)).toMatchInlineSnapshot(`
      "List
      docc runs 3 apps.
      App · Environment · Health · Image · Scale · Revision · Maintainer · Age
      talks · staging · unhealthy, 2 of 3 · kubecon:2017 · 3 · 8 · SKUBECON · unknown
      till · staging · unhealthy, 2 of 3 · kubecon:2017 · 3 · 8 · x@example.com · unknown
      web · staging · unhealthy, 2 of 3 · kubecon:2017 · 3 · 8 · developer@corp.example.com · unknown
      [Close]"
    `);
    await harness.slack.as("developer").click(homeOf("developer"), "command:status");
    await modalOf("developer", "1 release is not finished");
    expect(published()).toBe(before);
    expect(harness.slack.ephemerals("developer")).toEqual([]);
  });

  it("writes a direct message where Slack opens no modal", async () => {
    await open("developer");
    harness.slack.faults.add({ method: "views.open", kind: "status500", times: 2 });
    await harness.slack.as("developer").click(homeOf("developer"), "In flight");
    await harness.slack.waitFor(() => harness.slack.dms("developer").length > 0);
    expect(harness.slack.dms("developer")[0]?.text).toMatch(/1 release is not finished/);
  });

  it("asks for the tag of a deploy, and stores the command", async () => {
    const { slack } = harness;
    await open("developer");
    const developer = slack.as("developer");
    const form = await (await developer.click(homeOf("developer"), "Deploy…")).opened();
    const none = await developer.submit(form, {});
    expect(none.errors).toEqual({ tag: "Give a tag, or other words below." });
    const wrong = await developer.submit(form, { tag: "2018", words: "scale=x" });
    expect(wrong.errors?.["words"]).toContain("scale");
    await developer.submit(form, { tag: "2018", words: 'reason="a keynote"' });
    await slack.waitFor(() => slack.dms("developer").length > 0);
    expect([...shop.stored.values()]).toMatchObject([
      { app: "web", environment: "staging", words: { tag: "2018" }, reason: "a keynote" },
    ]);
    expect(slack.dms("developer")[0]?.text).toMatch(/^Accepted: web to staging\./);
  });

  it("opens the form for a new app, which asks for a channel", async () => {
    await open("developer");
    const gesture = await harness.slack
      .as("developer")
      .click(homeOf("developer"), "Deploy a new app…");
    expect(renderView(await gesture.opened())).toContain("Channel that hears of it");
  });

  it("is made anew on Refresh, and says when", async () => {
    await open("developer");
    expect(read("developer")).toContain("Updated 00:00 UTC.");
    shop.releases = [];
    const before = published();
    await harness.slack.as("developer").click(homeOf("developer"), "Refresh");
    await harness.slack.waitFor(() => published() > before);
    expect(read("developer")).not.toContain("Recent releases");
    const all = ["web", "talks", "till"];
    expect(shop.heard).toEqual([...all, ...all]);
  });

  it("says one sentence to guests and strangers, and nothing of any app", async () => {
    await open("guest");
    expect(read("guest")).toBe("docc serves full members of the workspace, not guests.");
    await open("stranger");
    expect(read("stranger")).toBe("docc serves the people of its own workspace only.");
  });

  it("says so, with a way to try again, while Slack does not say who somebody is", async () => {
    harness.slack.faults.add({ method: "users.info", kind: "status500", times: 1 });
    await open("developer");
    expect(read("developer")).toBe("Slack could not tell docc who you are.\n[Refresh]");
    await harness.slack.as("developer").click(homeOf("developer"), "Refresh");
    await shows("developer", "Your apps");
  });

  it("finds somebody by their id alone while Slack does not say more of them", async () => {
    harness.slack.faults.add({ method: "usergroups.list", kind: "error:fatal_error", times: 1 });
    await open("developer");
    expect(read("developer")).toMatch(/Your apps\nweb in staging/);
    expect(harness.logged.join("\n")).toContain("slack did not say who a person is");
  });

  it("stays as it was when Slack refuses it, and docc goes on", async () => {
    harness.slack.faults.add({ method: "views.publish", kind: "error:not_enabled", times: 1 });
    await open("developer");
    await until("it is logged", () =>
      harness.logged.some((line) => line.includes("slack published no home")),
    );
    expect(read("developer")).toBe("");
    await open("developer");
    expect(read("developer")).toContain("Your apps");
  });

  it("is not made when the Messages tab is opened", async () => {
    await harness.slack.as("developer").openMessages();
    await open("approver");
    expect(published()).toBe(1);
  });
});
