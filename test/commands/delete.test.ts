import { describe, expect, it } from "vitest";
import { DoccError } from "../../src/errors.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import type { Application, Cause, ObjectRef } from "../../src/release/release.ts";
import { deleteRequest } from "../../src/release/request.ts";
import { release } from "../release/releases.ts";
import { application, request, say, worldOf } from "./ports.ts";

const names = ["shop-a", "shop-b", "shop-c"];

/** An app of which docc has made so many objects. */
function made(app: string, count: number): Application {
  const head = application(app, "staging");
  const inventory = Array.from({ length: count }, (_, at): ObjectRef => {
    const kind = at === 0 ? "Deployment" : "Service";
    return { apiVersion: "v1", kind, namespace: "apps", name: at < 2 ? app : `${app}-${at}` };
  });
  return { ...head, status: { nextRevision: 9, ...head.status, inventory } };
}

const apps = names.map((name, at) => made(name, at * 3 + 1));
const locked: Cause = {
  code: "locked",
  sentence: "shop-b is locked by @U0APPROVER: load test",
  named: ["U0APPROVER"],
  evidence: [],
  next: "ask them; the app's owners may /docc unlock shop-b in=staging",
};
const hash = worldOf().ports.hash("delivery-1").slice(0, 12);

describe("several apps in one delete", () => {
  it("shows what goes with each, and asks for every name", async () => {
    const world = worldOf({ apps });
    const { answer, audit } = await say('delete shop-a shop-b shop-c reason="the end"', world);
    expect(answer).toEqual({
      text: "This deletes 3 apps from staging: 12 objects that docc made, and their pods.",
      lines: [
        "shop-a: 1 object, Deployment shop-a.",
        "shop-b: 4 objects, Deployment shop-b, Service shop-b, Service shop-b-2, Service shop-b-3.",
        "shop-c: 7 objects, Deployment shop-c, Service shop-c, Service shop-c-2, Service shop-c-3, Service shop-c-4, Service shop-c-5, and 1 more.",
        "The plan in each thread says exactly what goes and what stays. Where the environment asks for approval, it waits for that.",
        "Reason: the end.",
      ],
      confirm: {
        words: 'delete shop-a shop-b shop-c in=staging reason="the end"',
        typed: "shop-a shop-b shop-c",
      },
      about: { environment: "staging" },
    });
    expect(world.stored.size).toBe(0);
    expect(audit).toMatchObject([{ outcome: "ok", words: ["app=shop-a shop-b shop-c"] }]);
    expect(audit[0]).not.toHaveProperty("app");
  });

  it("stores a release of each once the names are typed, in any order, and records each", async () => {
    const world = worldOf({ apps });
    const typed = 'delete shop-a shop-b shop-c reason="the end" confirm="shop-c, Shop-a shop-b"';
    const { answer, audit } = await say(typed, world);
    expect(answer.text).toBe(
      "Accepted: the deletion of shop-a, shop-b and shop-c in staging. Each has a thread that tells the rest.",
    );
    const asked = names.map((app) => [
      `${app}-${hash}`,
      deleteRequest(app, { environment: "staging", reason: "the end" }, request),
    ]);
    expect([...world.stored]).toEqual(asked);
    expect(audit.map(({ app, release: name, outcome }) => [app, name, outcome])).toEqual(
      names.map((app) => [app, `${app}-${hash}`, "ok"]),
    );
    expect((await say(typed, world)).answer).toEqual(answer);
    expect(world.stored.size).toBe(3);
  });

  it.each([
    ["shop-a shop-b", "Those are not the names: shop-c is missing."],
    ["shop-a", "Those are not the names: shop-b and shop-c are missing."],
    ["3", "Those are not the names: shop-a, shop-b and shop-c are missing."],
    ["shop-a shop-b shop-c shop-d", "Those are not the names: shop-d is none of them."],
  ])("stores nothing when %s is typed", async (typed, text) => {
    const world = worldOf({ apps });
    const { answer } = await say(`delete shop-a shop-b shop-c confirm="${typed}"`, world);
    const lines = ["Type shop-a shop-b shop-c"];
    expect(answer).toMatchObject({ text, lines, reason: "bad-input" });
    expect(world.stored.size).toBe(0);
  });

  it("is refused as a whole where one cannot be deleted", async () => {
    const world = worldOf({ apps, heldUp: { "staging/shop-b": locked } });
    const typed = "delete shop-a shop-b shop-d";
    for (const words of [typed, `${typed} confirm="shop-a shop-b shop-d"`]) {
      expect((await say(words, world)).answer).toEqual({
        text: "None is deleted, because 2 of the 3 cannot be.",
        named: ["U0APPROVER"],
        lines: [
          "Not deleted: shop-b is locked by @U0APPROVER: load test. Next: ask them; the app's owners may /docc unlock shop-b in=staging.",
          "docc has no shop-d in staging. Did you mean shop-a?",
          "The others alone: /docc delete shop-a in=staging",
        ],
        reason: "locked",
        about: { environment: "staging" },
      });
    }
    expect(world.stored.size).toBe(0);
  });

  it("says a freeze once, which holds up all", async () => {
    const sentence = "staging is frozen until 2017-12-08 00:00 UTC";
    const frozen: Cause = { code: "frozen", sentence, evidence: [], next: "ask again after that" };
    const heldUp = Object.fromEntries(names.map((app) => [`staging/${app}`, frozen]));
    const { answer } = await say("delete shop-a shop-b", worldOf({ apps, heldUp }));
    expect(answer).toMatchObject({
      text: "None is deleted, because none of the 2 can be.",
      lines: [`Not deleted: ${sentence}. Next: ask again after that.`],
      reason: "frozen",
    });
    const one = await say("delete shop-a", worldOf({ apps, heldUp }));
    expect(one.answer).toMatchObject({
      text: `Not deleted: ${sentence}.`,
      lines: ["Next: ask again after that."],
      about: { app: "shop-a" },
    });
  });

  it("takes no second deletion while the first is under way, and one once that came to nothing", async () => {
    const head = made("shop-a", 2);
    const { applied: _, ...status } = head.status ?? { nextRevision: 3, inventory: [] };
    const deleted = { release: "shop-a-1", revision: 2, manifest: "{}" };
    const apps = [{ ...head, status: { ...status, deleted } }];
    const last = (phase: "progressing" | "failed") => {
      const stored = release(
        { phase, app: "shop-a", transitions: [] },
        { kind: "delete", app: "shop-a", environment: "staging" },
      );
      return { ...stored, metadata: { ...stored.metadata, name: "shop-a-1" } };
    };
    const under = await say("delete shop-a", worldOf({ apps, releases: [last("progressing")] }));
    expect(under.answer).toMatchObject({
      text: "shop-a is being deleted from staging by release 2.",
      reason: "not-found",
    });
    const over = await say("delete shop-a", worldOf({ apps, releases: [last("failed")] }));
    expect(over.answer.confirm).toMatchObject({ typed: "shop-a" });
  });

  it("makes what is missing when the same delivery comes again, whatever became of the others", async () => {
    const spec = deleteRequest("shop-a", { environment: "staging" }, request);
    const stored = release({ phase: "succeeded", transitions: [] }, spec);
    const before = { ...stored, metadata: { ...stored.metadata, name: `shop-a-${hash}` } };
    const { status: _, ...gone } = application("shop-a", "staging", false);
    const world = worldOf({ apps: [gone, ...apps.slice(1)], releases: [before] });
    const { answer } = await say('delete shop-a shop-b confirm="shop-a shop-b"', world);
    expect(answer.text).toMatch(/^Accepted: the deletion of shop-a and shop-b in staging\./);
    expect([...world.stored.keys()]).toEqual([`shop-b-${hash}`]);
  });

  it("tells apart what is stored and what is not, where the API server takes some alone", async () => {
    const lost = new DoccError("timeout", "The API server did not answer.");
    const some = await say(typed, failing({ "shop-b": lost }));
    expect(some.answer).toMatchObject({
      text: "Not accepted: shop-b. docc could not store the request.",
      lines: ["Accepted: shop-a and shop-c.", "Please try again for the rest."],
      reason: "unavailable",
    });
    expect(some.audit.map(({ app, release: made, outcome }) => [app, made, outcome])).toEqual([
      ["shop-a", `shop-a-${hash}`, "ok"],
      ["shop-b", undefined, "unavailable"],
      ["shop-c", `shop-c-${hash}`, "ok"],
    ]);
    const none = await say(typed, failing({ "shop-a": lost, "shop-b": lost, "shop-c": lost }));
    expect(none.answer).toMatchObject({
      text: "Not accepted: shop-a, shop-b and shop-c. docc could not store the request.",
      lines: ["Please try again."],
    });
  });

  it("says which are stored, whatever the others failed with", async () => {
    const hint = "Delete releases that are over, or have the quota raised.";
    const full = new KubeError("forbidden", "The cluster refused it: exceeded quota.", { hint });
    const lost = new DoccError("timeout", "The API server did not answer.");
    const { answer, audit } = await say(typed, failing({ "shop-b": full, "shop-c": lost }));
    expect(answer).toMatchObject({
      text: "Not accepted: shop-b and shop-c. The cluster refused it: exceeded quota. docc could not store the request.",
      lines: ["Accepted: shop-a.", hint, "Please try again for the rest."],
      reason: "not-allowed",
    });
    expect(audit.map(({ app, release: made, outcome }) => [app, made, outcome])).toEqual([
      ["shop-a", `shop-a-${hash}`, "ok"],
      ["shop-b", undefined, "not-allowed"],
      ["shop-c", undefined, "unavailable"],
    ]);
  });

  it("says which are stored where docc made a mistake with another, and only the mistake where none is", async () => {
    const bug = new TypeError("x is undefined");
    const some = await say(typed, failing({ "shop-b": bug }));
    expect(some.answer).toMatchObject({
      text: "Not accepted: shop-b. docc made a mistake. Its operators find the cause in the log.",
      lines: ["Accepted: shop-a and shop-c.", "Reference: delivery-1"],
      reason: "internal",
    });
    expect(some.audit.map(({ app, outcome }) => [app, outcome])).toEqual([
      ["shop-a", "ok"],
      ["shop-b", "internal"],
      ["shop-c", "ok"],
    ]);
    const none = await say(typed, failing({ "shop-a": bug, "shop-b": bug, "shop-c": bug }));
    expect(none.answer).toEqual({
      text: "docc made a mistake. Its operators find the cause in the log.",
      lines: ["Reference: delivery-1"],
      reason: "internal",
    });
    expect(none.audit).toMatchObject([{ outcome: "internal" }]);
  });
});

const typed = 'delete shop-a shop-b shop-c confirm="shop-a shop-b shop-c"';

/** A world that stores all but these. */
function failing(errors: Readonly<Record<string, Error>>): ReturnType<typeof worldOf> {
  return worldOf({
    apps,
    create: (name) => {
      const error = errors[name.replace(`-${hash}`, "")];
      return error === undefined ? Promise.resolve(true) : Promise.reject(error);
    },
  });
}
