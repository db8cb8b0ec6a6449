import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineCommand } from "../../src/commands/define.ts";
import { type AuditLine, dispatch } from "../../src/commands/dispatch.ts";
import { DoccError } from "../../src/errors.ts";
import type { Release } from "../../src/release/release.ts";
import { crdSchema, schemaAt, violations } from "../release/crd-schema.ts";
import { plan, release } from "../release/releases.ts";
import { application, manifest, request, say, worldOf } from "./ports.ts";

const inline = (value: object) => ({
  manifest: { type: "inline", text: JSON.stringify(value) } as const,
});

describe("deploy", () => {
  it("stores a request for the stored manifest with its words, and says so", async () => {
    const world = worldOf();
    const { answer } = await say('deploy kubecon-2017 tag=2018 reason="new schedule"', world);
    expect(answer).toEqual({
      text: "Accepted: kubecon-2017 to staging. Its thread tells the rest.",
      about: { app: "kubecon-2017", environment: "staging", release: [...world.stored.keys()][0] },
    });
    expect([...world.stored]).toEqual([
      [
        expect.stringMatching(/^kubecon-2017-[0-9a-f]{12}$/),
        {
          app: "kubecon-2017",
          environment: "staging",
          kind: "deploy",
          source: { type: "stored" },
          words: { tag: "2018" },
          reason: "new schedule",
          requester: { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" },
          channel: "C0DEPLOYS",
        },
      ],
    ]);
  });

  it("stores the same delivery once, and answers it alike", async () => {
    const world = worldOf();
    const first = await say("deploy kubecon-2017 tag=2018", world);
    const again = await say("deploy kubecon-2017 tag=2018", world);
    expect(again.answer).toEqual(first.answer);
    expect(world.stored.size).toBe(1);
    await say("deploy kubecon-2017 tag=2018", world, { delivery: "delivery-2" });
    expect(world.stored.size).toBe(2);
  });

  it("stores a pasted manifest under its own name, as it was pasted", async () => {
    const world = worldOf({ apps: [] });
    const { answer } = await say("deploy in=production", world, inline(manifest));
    expect(answer.text).toBe("Accepted: kubecon-2017 to production. Its thread tells the rest.");
    expect([...world.stored.values()]).toMatchObject([
      { app: "kubecon-2017", source: { type: "inline", manifest: JSON.stringify(manifest) } },
    ]);
  });

  it("stores a file unread: its manifest is checked after the ack", async () => {
    const world = worldOf({ apps: [] });
    const file = { manifest: { type: "slack-file", file: "F0FILE" } } as const;
    const { answer } = await say("deploy", world, file);
    expect(answer.text).toBe("Accepted: your manifest to staging. Its thread tells the rest.");
    const [[name, spec] = []] = world.stored;
    expect(name).toMatch(/^upload-[0-9a-f]{12}$/);
    expect(spec).toMatchObject({ source: { type: "slack-file", file: "F0FILE" } });
    expect(spec).not.toHaveProperty("app");
  });

  it("asks for a manifest when nothing is named", async () => {
    const world = worldOf();
    expect((await say("deploy in=production", world)).answer).toEqual({
      text: "Give a manifest, or the name of an app that docc knows.",
      form: { command: "deploy", environment: "production", open: true },
    });
    expect(world.stored.size).toBe(0);
  });

  it("offers the form for an app it does not know, and the name that was meant", async () => {
    const world = worldOf();
    expect((await say("deploy kubecon-2071 tag=1", world)).answer).toEqual({
      text: "docc does not know kubecon-2071 in staging yet: its first deploy needs its manifest.",
      lines: ["Did you mean kubecon-2017?"],
      form: {
        command: "deploy",
        app: "kubecon-2071",
        environment: "staging",
        words: "tag=1",
        open: false,
      },
      reason: "not-found",
    });
    expect(world.stored.size).toBe(0);
  });

  it("knows an app only where it runs", async () => {
    const { answer } = await say("deploy kubecon-2017 tag=1 in=production");
    expect(answer).toMatchObject({ reason: "not-found" });
  });

  it("accepts for an unknown app while the cache is still filling: the plan decides", async () => {
    const world = worldOf({ apps: [], ready: false });
    expect((await say("deploy kubecon-2017 tag=2018", world)).answer).not.toHaveProperty("reason");
    expect(world.stored.size).toBe(1);
  });

  it("names an unknown environment and the one that was meant", async () => {
    expect((await say("deploy kubecon-2017 in=prodcution")).answer).toEqual({
      text: 'There is no environment "prodcution".',
      reason: "not-found",
      lines: ["Did you mean in=production?"],
    });
    expect((await say("deploy kubecon-2017 in=moon")).answer.lines).toEqual([
      "There are: staging, production.",
    ]);
  });

  it("refuses a manifest for another app than the one that was named", async () => {
    const world = worldOf();
    expect((await say("deploy web", world, inline(manifest))).answer).toEqual({
      text: "The manifest is for kubecon-2017, and you asked for web.",
      lines: ["Name the same app in both, or leave it out of the command."],
      reason: "bad-input",
    });
    expect(world.stored.size).toBe(0);
  });

  it("refuses a bad manifest with its findings, and a good one with bad words", async () => {
    const world = worldOf();
    const bad = await say("deploy", world, inline({ ...manifest, scale: "many", colour: 1 }));
    expect(bad.answer).toMatchObject({
      text: "Not accepted: 2 errors in the manifest.",
      reason: "bad-input",
    });
    expect(bad.answer.findings?.map(({ code }) => code).toSorted()).toEqual([
      "unknown-key",
      "wrong-type",
    ]);
    const word = await say("deploy scale=many", world, inline(manifest));
    expect(word.answer).toMatchObject({
      text: "Not accepted: 1 error in the words.",
      reason: "bad-input",
    });
    expect(world.stored.size).toBe(0);
  });

  it("refuses words that the stored manifest does not take, before anything is stored", async () => {
    const world = worldOf();
    const { answer } = await say("deploy kubecon-2017 colour=red", world);
    expect(answer.findings?.map(({ code }) => code)).toEqual(["unknown-word"]);
    expect((await say("deploy kubecon-2017 scale=21", world)).answer.reason).toBe("bad-input");
    expect(world.stored.size).toBe(0);
  });

  it("is not accepted when it is not stored", async () => {
    const create = () =>
      Promise.reject(new DoccError("unavailable", "The cluster is out of reach."));
    const { answer, audit } = await say("deploy kubecon-2017 tag=1", worldOf({ create }));
    expect(answer).toEqual({
      text: "Not accepted: docc could not store the request.",
      lines: ["Please try again."],
      reason: "unavailable",
    });
    expect(audit[0]?.outcome).toBe("unavailable");
  });

  it("is not accepted when the cluster refuses to store it, and says why", async () => {
    const refused = new DoccError("not-allowed", "The cluster refused it: exceeded quota.");
    const { answer } = await say(
      "deploy kubecon-2017 tag=1",
      worldOf({ create: () => Promise.reject(refused) }),
    );
    expect(answer).toEqual({
      text: "Not accepted: the cluster refused it: exceeded quota.",
      reason: "not-allowed",
    });
  });

  it("stores what the Release CRD takes, for every name and every text", async () => {
    const schema = schemaAt(crdSchema("releases"), "spec");
    const app = fc.stringMatching(/^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/);
    const reason = fc
      .string({ unit: "grapheme-ascii", maxLength: 300 })
      .filter((text) => !/["”]/.test(text));
    const anyApp = fc.oneof(app, fc.constant("a".repeat(50)));
    await fc.assert(
      fc.asyncProperty(anyApp, reason, async (name, why) => {
        const world = worldOf({ apps: [application(name, "staging")] });
        await say(`deploy ${name} tag=2018 reason="${why}"`, world);
        const [[key = "", spec] = []] = world.stored;
        expect(key.length).toBeLessThanOrEqual(63);
        expect(violations(schema, spec)).toEqual([]);
      }),
    );
  });
});

describe("rollback", () => {
  const applied = (revision: number) => ({
    release: `r${revision}`,
    revision,
    manifest: JSON.stringify(manifest),
  });
  const at = (revision: number, phase: "succeeded" | "failed"): Release => {
    const { metadata, ...rest } = release({
      phase,
      app: "kubecon-2017",
      revision,
      plan: { ...plan, to: String(2015 + revision), objects: JSON.stringify([{ revision }]) },
      transitions: [],
    });
    const name = `r${revision}`;
    return {
      ...rest,
      metadata: { ...metadata, name },
      spec: { ...rest.spec, environment: "staging" },
    };
  };
  const world = (more: Parameters<typeof worldOf>[0] = {}) => {
    const app = application("kubecon-2017", "staging");
    const status = { nextRevision: 4, inventory: [], applied: applied(3), current: applied(2) };
    const releases = [at(1, "succeeded"), at(2, "succeeded"), at(3, "failed")];
    return worldOf({ apps: [{ ...app, status }], releases, ...more });
  };

  it("stores a request for the revision that it returns to, and says from where to where", async () => {
    const here = world();
    const { answer } = await say('rollback kubecon-2017 scale=2..4 reason="too slow"', here);
    expect(answer).toEqual({
      text: "Accepted: kubecon-2017 in staging goes back to 2017, revision 2. Its thread tells the rest.",
      about: { app: "kubecon-2017", environment: "staging", release: [...here.stored.keys()][0] },
    });
    expect([...here.stored]).toEqual([
      [
        expect.stringMatching(/^kubecon-2017-[0-9a-f]{12}$/),
        {
          app: "kubecon-2017",
          environment: "staging",
          kind: "rollback",
          source: { type: "release", release: "r2", revision: 2 },
          words: { scale: "2..4" },
          reason: "too slow",
          requester: { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" },
          channel: "C0DEPLOYS",
        },
      ],
    ]);
    const schema = schemaAt(crdSchema("releases"), "spec");
    for (const spec of here.stored.values()) expect(violations(schema, spec)).toEqual([]);
  });

  it("goes to the revision that is named", async () => {
    const here = world();
    const { answer } = await say("rollback kubecon-2017 to=1 in=staging", here);
    expect(answer.text).toContain("goes from 2017 back to 2016, revision 1.");
    expect([...here.stored.values()]).toMatchObject([{ source: { release: "r1", revision: 1 } }]);
  });

  it("stores the same delivery once", async () => {
    const here = world();
    await say("rollback kubecon-2017", here);
    await say("rollback kubecon-2017", here);
    expect(here.stored.size).toBe(1);
  });

  const elsewhere = "These succeeded, and to= takes their number: 2 (2017), 1 (2016).";
  it.each([
    ["to=3", "Revision 3 of kubecon-2017 in staging has not succeeded", "conflict", elsewhere],
    ["to=2017", "There is no revision 2017 of kubecon-2017 in staging.", "not-found", elsewhere],
    ["to=tag", "to= takes the number of a revision.", "bad-input", "The right form: "],
    ["scale=many", "scale= takes a whole number, or a range", "bad-input", "The right form: "],
    ["tag=2016", "rollback knows no tag=.", "bad-input", "The right form: "],
  ])("with %s is refused in one sentence", async (words, text, reason, line) => {
    const here = world();
    const { answer } = await say(`rollback kubecon-2017 ${words}`, here);
    expect(answer.reason).toBe(reason);
    expect(answer.text).toContain(text);
    expect(answer.lines?.join()).toContain(line);
    expect(here.stored.size).toBe(0);
  });

  it("names at most five revisions to return to", async () => {
    const releases = [1, 2, 3, 4, 5, 6, 7].map((revision) => at(revision, "succeeded"));
    const { answer } = await say("rollback kubecon-2017 to=9", world({ releases }));
    expect(answer.lines?.join()).toMatch(/: 7 \(2022\), .*, 3 \(2018\), and 2 older ones\.$/);
  });

  it("is refused when its record is gone, or nothing succeeded before", async () => {
    const gone = await say("rollback kubecon-2017 to=1", world({ releases: [at(2, "succeeded")] }));
    expect(gone.answer).toMatchObject({
      text: "The record of revision 1 of kubecon-2017 in staging is not kept any more.",
      reason: "not-found",
    });
    const first = await say("rollback kubecon-2017", world({ releases: [at(3, "failed")] }));
    expect(first.answer).toEqual({
      text: "There is no earlier revision of kubecon-2017 in staging that succeeded and differs from what runs.",
      reason: "conflict",
    });
  });

  it("says nothing of revisions before it knows them all", async () => {
    const { answer } = await say("rollback kubecon-2017", world({ ready: false }));
    expect(answer.reason).toBe("unavailable");
  });
});

describe("an app that is asked for", () => {
  it.each(["show", "logs", "events", "validate", "rollback"])(
    "by %s is named when it is near",
    async (word) => {
      expect((await say(`${word} kubecon-2071`)).answer).toEqual({
        text: "docc has no kubecon-2071 in staging.",
        reason: "not-found",
        lines: ["Did you mean kubecon-2017?"],
      });
    },
  );

  it.each(["show", "logs", "events", "validate"])(
    "by %s is not denied before docc knows",
    async (word) => {
      expect((await say(`${word} web`, worldOf({ apps: [], ready: false }))).answer).toEqual({
        text: "docc has just started and does not know the apps yet.",
        reason: "unavailable",
        lines: ["Try again in a few seconds."],
      });
    },
  );

  it("has no name near it", async () => {
    expect((await say("show web")).answer.lines).toEqual(["/docc list shows what it has."]);
  });

  it("was never applied", async () => {
    const world = worldOf({ apps: [application("web", "staging", false)] });
    expect((await say("show web", world)).answer.reason).toBe("not-found");
  });
});

describe("events", () => {
  const group = (message: string, count = 1) => ({
    type: "Warning",
    reason: "BackOff",
    kind: "Pod",
    name: "kubecon-2017-7d9f-x2x4z",
    message,
    count,
    last: "2017-12-06T09:00:01Z",
  });

  it("shows groups with their count", async () => {
    const world = worldOf({ events: [group("again", 7), group("once")] });
    const { answer } = await say("events kubecon-2017", world);
    expect(answer.text).toBe("Recent events of kubecon-2017 in staging, newest first.");
    expect(answer.snippet?.text).toBe(
      "09:00:01 Warning BackOff x7 (Pod kubecon-2017-7d9f-x2x4z): again\n" +
        "09:00:01 Warning BackOff (Pod kubecon-2017-7d9f-x2x4z): once",
    );
    expect(answer.lines).toEqual([]);
  });

  it("counts the groups it does not show", async () => {
    const world = worldOf({ events: Array.from({ length: 23 }, () => group("x")) });
    const { answer } = await say("events kubecon-2017", world);
    expect(answer.snippet?.text.split("\n")).toHaveLength(20);
    expect(answer.lines).toEqual(["3 older groups are not shown."]);
  });

  it("says when there are none", async () => {
    expect((await say("events kubecon-2017")).answer).toEqual({
      text: "kubecon-2017 in staging has no recent events.",
    });
  });

  it("keeps an event one line, whatever somebody wrote into it", async () => {
    const world = worldOf({ events: [group(`a\nforged\u202e ${"x".repeat(9_000)}`)] });
    const text = (await say("events kubecon-2017", world)).answer.snippet?.text ?? "";
    expect(text).not.toMatch(/[\n\u202e]/u);
    expect(text.length).toBeLessThan(500);
  });
});

describe("validate", () => {
  const check = async (value: object) => (await say("validate", worldOf(), inline(value))).answer;

  it("says valid, or what is wrong, and counts errors and warnings", async () => {
    const single = {
      ...manifest,
      ingresses: { web: { scheme: "http", container_port: 8080 } },
      scale: 1,
    };
    expect(await check(manifest)).toEqual({ text: "The manifest is valid." });
    expect((await check(single)).text).toBe("The manifest is valid: 1 warning.");
    expect((await check({ ...manifest, scale: "x" })).text).toBe(
      "The manifest is not valid: 1 error.",
    );
    expect((await check({ ...manifest, scale: "x", colour: 1 })).text).toBe(
      "The manifest is not valid: 2 errors.",
    );
  });

  it("reads a file", async () => {
    const file = { manifest: { type: "slack-file", file: "F0FILE" } } as const;
    const world = worldOf({ file: JSON.stringify(manifest) });
    expect((await say("validate", world, file)).answer.text).toBe("The manifest is valid.");
  });

  it("checks a deployed app against today's rules", async () => {
    expect((await say("validate kubecon-2017")).answer.text).toBe(
      "The manifest of kubecon-2017 in staging is valid.",
    );
  });

  it("asks for a manifest when nothing is named", async () => {
    expect((await say("validate")).answer).toEqual({
      text: "Give a manifest to check.",
      form: { command: "validate", environment: "staging", open: true },
    });
  });

  it("never stores anything", async () => {
    const world = worldOf();
    await say("validate", world, inline(manifest));
    expect(world.stored.size).toBe(0);
  });
});

describe("dispatch", () => {
  const failing = (error: unknown) =>
    defineCommand({
      name: "fail",
      summary: "Fail",
      needs: "read",
      answers: "later",
      positional: [],
      args: z.object({}),
      examples: [],
      run: () => {
        // oxlint-disable-next-line typescript/only-throw-error -- foreign code may throw anything
        throw error;
      },
    });

  async function run(error: unknown) {
    const audit: [AuditLine, unknown][] = [];
    const invocation = { command: failing(error), args: {}, rest: {} };
    const answer = await dispatch(invocation, request, worldOf().ports, (...entry) => {
      audit.push([entry[0], entry[1]]);
    });
    return { answer, audit };
  }

  it("records every command with who, where and its outcome", async () => {
    expect((await say("list")).audit).toEqual([
      {
        command: "list",
        words: [],
        provider: "slack",
        team: "T0TEAM",
        user: "U0DEVELOPER",
        channel: "C0DEPLOYS",
        delivery: "delivery-1",
        outcome: "ok",
      },
    ]);
    expect((await say("show web")).audit[0]?.outcome).toBe("not-found");
    expect((await say("deploy web")).audit[0]?.outcome).toBe("not-found");
  });

  it("says an expected failure with its hint, and records its reason", async () => {
    const { answer, audit } = await run(
      new DoccError("timeout", "No answer in time.", { hint: "Try again." }),
    );
    expect(answer).toEqual({
      text: "No answer in time.",
      reason: "timeout",
      lines: ["Try again."],
    });
    expect(audit[0]?.[0].outcome).toBe("timeout");
  });

  it.each([
    ["an error", new Error("password hunter2 at /srv/app.js")],
    ["a DoccError's look-alike", { name: "DoccError", message: "hunter2", reason: "timeout" }],
    ["a text", "hunter2"],
    ["nothing", undefined],
  ])("never tells a person what a foreign failure says: %s", async (_name, error) => {
    const { answer, audit } = await run(error);
    expect(answer).toEqual({
      text: "docc made a mistake. Its operators find the cause in the log.",
      lines: ["Reference: delivery-1"],
      reason: "internal",
    });
    expect(audit).toEqual([[expect.objectContaining({ outcome: "internal" }), error]]);
  });
});
