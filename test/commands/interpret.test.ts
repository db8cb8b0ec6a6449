import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineCommand } from "../../src/commands/define.ts";
import { interpret, isInvocation } from "../../src/commands/dispatch.ts";
import { registry } from "../../src/commands/registry.ts";
import { argumentsOf, usageOf } from "../../src/commands/usage.ts";
import { typed } from "../../src/slack/escape.ts";
import { say } from "./ports.ts";

function understood(text: string) {
  const result = interpret(registry, text);
  if (!isInvocation(result)) throw new Error(result.text);
  return { command: result.command.name, args: result.args, rest: result.rest };
}

describe("a command that is understood", () => {
  it("is looked up whatever its case, and with the dashes of a terminal", () => {
    expect(understood("List").command).toBe("list");
    expect(understood("--help").command).toBe("help");
    expect(understood("—help").command).toBe("help");
  });

  it("is help when nothing was typed", () => {
    expect(understood("").command).toBe("help");
    expect(understood("  ").command).toBe("help");
  });

  it("has its positional and named arguments, and the rest where it collects it", () => {
    expect(understood('deploy kubecon-2017 tag=2018 in=production reason="new schedule"')).toEqual({
      command: "deploy",
      args: { app: "kubecon-2017", in: "production", reason: "new schedule" },
      rest: { tag: "2018" },
    });
    expect(understood("logs web lines=20 previous=true").args).toEqual({
      app: "web",
      lines: 20,
      previous: "true",
    });
  });

  it("takes a positional argument by its name too", () => {
    expect(understood("logs app=web").args).toEqual({ app: "web" });
  });

  it.each([
    ["logs web follow", { app: "web", follow: "true" }],
    ["logs web Previous grep=a", { app: "web", previous: "true", grep: "a" }],
    ["logs web previous lines=5", { app: "web", previous: "true", lines: 5 }],
    ["logs web --follow", { app: "web", follow: "true" }],
    ["logs --follow web", { app: "web", follow: "true" }],
    ["logs web \u2014follow", { app: "web", follow: "true" }],
    ["logs web \u2013follow", { app: "web", follow: "true" }],
    ["logs follow app=web", { app: "web", follow: "true" }],
    ["init shop write", { app: "shop", write: "true" }],
  ])("may say true by a name alone: %s", (text, args) => {
    expect(understood(text).args).toEqual(args);
  });

  it("takes what stands where an app is expected for the app, whatever it is called", () => {
    expect(understood("logs follow").args).toEqual({ app: "follow" });
    expect(understood("logs follow follow").args).toEqual({ app: "follow", follow: "true" });
    expect(understood("delete follow previous").args).toEqual({ app: ["follow", "previous"] });
  });

  it("takes an app as phones write it", () => {
    expect(understood("logs Web").args).toEqual({ app: "web" });
  });

  it("takes several apps where a command takes several, in the order of typing", () => {
    const args = { app: ["shop", "web"], in: "staging" };
    for (const typed of [
      "Shop in=staging web",
      "shop, web in=staging",
      'in=staging app="shop web"',
    ]) {
      expect(understood(`delete ${typed}`).args).toEqual(args);
    }
  });

  it("takes every name that a manifest may have", () => {
    const app = fc.stringMatching(/^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/);
    fc.assert(
      fc.property(app, (name) => {
        expect(understood(`logs ${name}`).args).toEqual({ app: name });
      }),
    );
    expect(understood(`logs ${"a".repeat(50)}`).args).toEqual({ app: "a".repeat(50) });
  });
});

describe("a command that is not understood", () => {
  const long = "x".repeat(51);
  const form = "The right form: /docc";
  const person = "person in Slack, not an application; write a name in small letters";
  const logsForm = `${form} logs <app> [container=] [pod=] [lines=] [since=] [until=] [previous] [grep=] [follow] [share=] [in=]`;
  it.each<[command: string, text: string, hint: string | undefined]>([
    ["deplyo web", 'There is no command "deplyo".', "Did you mean /docc deploy?"],
    ["frobnicate", 'There is no command "frobnicate".', "Try /docc help."],
    ['""', 'There is no command "".', "Try /docc help."],
    ["logs", "app is missing.", logsForm],
    [
      'logs ""',
      "app is no name of an application: letters, digits and hyphens, at most 50, a letter first.",
      logsForm,
    ],
    [
      `logs ${long}`,
      "app is no name of an application: letters, digits and hyphens, at most 50, a letter first.",
      logsForm,
    ],
    [
      "logs web_app",
      "app is no name of an application: letters, digits and hyphens, at most 50, a letter first.",
      logsForm,
    ],
    ["logs web app", '"app" is one word too many.', logsForm],
    ["logs web app=web", "app is given twice.", logsForm],
    ["logs web follow follow", "follow is given twice.", logsForm],
    ["logs web follow follow=stop", "follow is given twice.", logsForm],
    ["logs web lines", '"lines" is one word too many.', logsForm],
    ["deploy web tag:2018", "Write tag=2018.", undefined],
    ["deploy web.tag:2018", "Write web.tag=2018.", undefined],
    ["logs web in:production", "Write in=production.", undefined],
    ["update web env.NAME:x in=staging", "Write env.NAME=x.", undefined],
    ["logs web https://example.com", '"https://example.com" is one word too many.', logsForm],
    ["logs web in= production", "Write in=production without a space.", undefined],
    ["logs web in =production", "Write in=production without a space.", undefined],
    ["logs web in = production", "Write in=production without a space.", undefined],
    ["logs in= production", "Write in=production without a space.", undefined],
    ['logs web grep= "not set"', 'Write grep="not set" without a space.', undefined],
    [`logs web grep= ${"x".repeat(61)}`, `"${"x".repeat(59)}…" is one word too many.`, logsForm],
    [`logs ${typed("<@U1234567>")}`, `app is a ${person}.`, logsForm],
    [`logs ${typed("<@W1234567|dev>")}`, `app is a ${person}.`, logsForm],
    [
      `logs ${typed("<#C1234567|ops>")}`,
      "app is a channel, not an application; write a name in small letters.",
      logsForm,
    ],
    [
      `delete web ${typed("<@U1234567>")}`,
      `app names "U1234567", which is a ${person}.`,
      `${form} delete <app...> [in=] [reason=] [confirm=]`,
    ],
    [
      `approve ${typed("<@U1234567>")}`,
      `release is a ${person}.`,
      `${form} approve <release> [plan=] [in=] [reason=]`,
    ],
    ["logs web lines=many", "lines= takes a whole number from 1 to 500.", logsForm],
    ["logs web lines=0", "lines= takes a whole number from 1 to 500.", logsForm],
    ["logs web lines=501", "lines= takes a whole number from 1 to 500.", logsForm],
    ["logs web lines=2.5", "lines= takes a whole number from 1 to 500.", logsForm],
    ["logs web lines=", "lines= takes a whole number from 1 to 500.", logsForm],
    ["logs web previous=yes", "previous= takes true or false.", logsForm],
    ["logs web container=", "container= is empty.", logsForm],
    ["logs web line=20", "logs knows no line=. Did you mean lines=?", logsForm],
    ["logs web colour=red", "logs knows no colour=.", logsForm],
    ["logs web in=", "in= is empty.", logsForm],
    [
      "logs web -f",
      '"-f" begins with a dash; docc has no such options.',
      "Write key=value words without a dash, for example in=production.",
    ],
    ["logs web lines=1 lines=2", "lines= is given twice.", "Give it once."],
    ['logs "web', "A quote is open at the end of the command.", 'Close it with "'],
    [
      "delete web Shop, web",
      "app names web twice.",
      `${form} delete <app...> [in=] [reason=] [confirm=]`,
    ],
    [
      "delete web shop_b",
      'app names "shop_b", which is no name of an application: letters, digits and hyphens, at most 50, a letter first.',
      `${form} delete <app...> [in=] [reason=] [confirm=]`,
    ],
    [
      "delete a b c d e f g h i j k",
      "app has more than 10 names.",
      `${form} delete <app...> [in=] [reason=] [confirm=]`,
    ],
    ["delete in=staging", "app is missing.", `${form} delete <app...> [in=] [reason=] [confirm=]`],
    [
      "list web",
      '"web" is one word too many.',
      `${form} list [in=] [maintainer=] [team=] [health=] [page=]`,
    ],
    [
      `deploy web reason=${"x".repeat(301)}`,
      "reason= has more than 300 characters.",
      `${form} deploy [app] [in=] [from=] [reason=] [emergency=] [key=value ...]`,
    ],
    [
      `deploy web tag=${"x".repeat(301)}`,
      "tag= has more than 300 characters.",
      `${form} deploy [app] [in=] [from=] [reason=] [emergency=] [key=value ...]`,
    ],
    [
      `deploy web ${Array.from({ length: 51 }, (_, at) => `k${at}=v`).join(" ")}`,
      "A command has at most 50 key=value words.",
      `${form} deploy [app] [in=] [from=] [reason=] [emergency=] [key=value ...]`,
    ],
    ["x".repeat(4_001), "A command has at most 4000 characters.", undefined],
  ])("%s", (command, text, hint) => {
    expect(interpret(registry, command)).toEqual({
      text,
      reason: "bad-input",
      ...(hint === undefined ? {} : { lines: [hint] }),
    });
  });

  it("is quoted short, on one line and visible", () => {
    const answer = interpret(registry, `"\u202e\u001b[31m${"y".repeat(500)}\nz"`);
    expect(answer).toMatchObject({ text: `There is no command "${"y".repeat(59)}…".` });
  });

  it("is answered, never thrown, whatever was typed", () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom(
        ...registry.map(({ name }) => name),
        "in=",
        "lines=5",
        "app=web",
        "__proto__=1",
        "constructor=1",
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const result = interpret(registry, words.join(" "));
        if (isInvocation(result)) return;
        expect(result.reason).toBe("bad-input");
        expect(result.text).toMatch(/^[^\n]+\.( Did you mean .+\?)?$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("every declaration of the registry", () => {
  it.each(
    registry.flatMap(({ name, examples }) => examples.map((example) => [name, example] as const)),
  )("%s has an example that is understood: %s", (name, example) => {
    expect(understood(example).command).toBe(name);
  });

  it.each(registry.map((command) => [command.name, command] as const))(
    "%s says in words what it does and what each argument means",
    (_name, command) => {
      expect(command.summary).toMatch(/^[A-Z][^.]*[^.]$/);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { name, description } of argumentsOf(command))
        expect(description, name).not.toBe("");
    },
  );

  it("has a name of its own", () => {
    const names = registry.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("shows its usage in one line", () => {
    expect(registry.map(usageOf)).toMatchInlineSnapshot(`
      [
        "deploy [app] [in=] [from=] [reason=] [emergency=] [key=value ...]",
        "update <app> [state] [in=] [reason=] [key=value ...]",
        "rollback <app> [to=] [scale=] [in=] [reason=]",
        "restart <app> [in=] [reason=]",
        "delete <app...> [in=] [reason=] [confirm=]",
        "approve <release> [plan=] [in=] [reason=]",
        "reject <release> [plan=] [in=] [reason=]",
        "cancel <release> [plan=] [in=] [reason=]",
        "lock <app> [for=] [in=] [reason=]",
        "unlock <app> [in=]",
        "diff <app> [revision=] [in=]",
        "status [app] [in=]",
        "inspect <app> [in=]",
        "history <app> [lines=] [in=]",
        "list [in=] [maintainer=] [team=] [health=] [page=]",
        "show <app> [revision=] [as=] [in=]",
        "logs <app> [container=] [pod=] [lines=] [since=] [until=] [previous] [grep=] [follow] [share=] [in=]",
        "events <app> [since=] [kind=] [in=]",
        "open <app> [link] [in=]",
        "init [app] [image=] [port=] [scheme=] [hosts=] [scale=] [memory=] [maintainer=] [team=] [write] [from=] [adopt=] [in=]",
        "validate [app] [in=]",
        "config [scope] [environment=] [quiet=] [notify=]",
        "audit [app] [in=] [by=] [since=] [lines=]",
        "completion",
        "help [command]",
      ]
    `);
  });

  it("shows a required key=value word without brackets", () => {
    const command = defineCommand({
      name: "lock",
      summary: "Lock",
      needs: "deploy",
      who: "Everybody.",
      answers: "ack",
      positional: ["app"],
      args: z.object({ app: z.string(), reason: z.string(), in: z.string().optional() }),
      examples: [],
      run: () => Promise.resolve({ text: "" }),
    });
    expect(usageOf(command)).toBe("lock <app> reason= [in=]");
  });
});

describe("help", () => {
  it("lists every command", async () => {
    const { answer } = await say("help");
    expect([answer.text, ...(answer.lines ?? [])]).toMatchInlineSnapshot(`
      [
        "docc deploys apps from a small manifest and tells you how it went.",
        "/docc deploy [app] [in=] [from=] [reason=] [emergency=] [key=value ...]  Deploy an app: a new manifest, or the stored one with another tag or scale",
        "/docc update <app> [state] [in=] [reason=] [key=value ...]  Change a few things of what runs, or pause and resume it",
        "/docc rollback <app> [to=] [scale=] [in=] [reason=]  Return an app to an earlier revision that succeeded, at today's scale",
        "/docc restart <app> [in=] [reason=]  Replace the pods of an app one after another, at the same version",
        "/docc delete <app...> [in=] [reason=] [confirm=]  Delete what docc made of one or several apps in an environment; their history stays",
        "/docc approve <release> [plan=] [in=] [reason=]  Say yes to the plan of a release that waits for approval",
        "/docc reject <release> [plan=] [in=] [reason=]  Say no to the plan of a release that waits for approval",
        "/docc cancel <release> [plan=] [in=] [reason=]  End a release before it is applied, or stop it and roll back",
        "/docc lock <app> [for=] [in=] [reason=]  Keep an app as it is: nobody but you may change it; rollbacks go all the same",
        "/docc unlock <app> [in=]  Let others change an app again; whose lock it was is told",
        "/docc diff <app> [revision=] [in=]  Show what a plan changes, field by field, to you alone",
        "/docc status [app] [in=]  Show what is in flight, what waits and behind whom, and what waits for your approval",
        "/docc inspect <app> [in=]  Show at a glance how an app does: verdict, pods, certificates, use, events, owner",
        "/docc history <app> [lines=] [in=]  Show the releases of an app, newest first: who, what, how it ended",
        "/docc list [in=] [maintainer=] [team=] [health=] [page=]  List the deployed apps with their health, image, scale, maintainer and age",
        "/docc show <app> [revision=] [as=] [in=]  Show the manifest of an app as docc has applied it, now or in an earlier revision",
        "/docc logs <app> [container=] [pod=] [lines=] [since=] [until=] [previous] [grep=] [follow] [share=] [in=]  Show the latest log lines of an app, merged by time, to you alone",
        "/docc events <app> [since=] [kind=] [in=]  Show the recent events of an app, grouped, newest first",
        "/docc open <app> [link] [in=]  Give buttons to an app's addresses, dashboard, logs, repository and runbook",
        "/docc init [app] [image=] [port=] [scheme=] [hosts=] [scale=] [memory=] [maintainer=] [team=] [write] [from=] [adopt=] [in=]  Write the first manifest of an app by a form, or that of a Deployment that runs already",
        "/docc validate [app] [in=]  Check a manifest, or a deployed app against today's rules; nothing is deployed",
        "/docc config [scope] [environment=] [quiet=] [notify=]  Show and set what holds for you, and in this channel, where commands do not say",
        "/docc audit [app] [in=] [by=] [since=] [lines=]  Show who did what, refusals included, newest first, to you alone",
        "/docc completion  Choose a command and its arguments from what docc offers",
        "/docc help [command]  Show all commands, or how to use one",
        "/docc help <command> shows examples.",
      ]
    `);
  });

  it("explains one command with its arguments and examples", async () => {
    const { answer } = await say("help deploy");
    expect([answer.text, ...(answer.lines ?? [])]).toMatchInlineSnapshot(`
      [
        "/docc deploy [app] [in=] [from=] [reason=] [emergency=] [key=value ...]: Deploy an app: a new manifest, or the stored one with another tag or scale.",
        "app  the application's name",
        "in=  the environment; without it the default that config shows",
        "from=  another environment: what succeeded there last, with its very images",
        "reason=  why, in a few words; shown with the release",
        "emergency=  why approval, freezes and locks cannot wait; for those whom the operator lets",
        "Who may: Everybody may ask; it is planned and applied for the environment's deployers, not past another person's lock, and not while the environment is frozen. Where approval asks for it, approvers say yes first. Who changes the maintainer or the team without owning the app needs a yes of an owner or an operator. Those in emergency get past all of this but the last with emergency=.",
        "Example: /docc deploy",
        "Example: /docc deploy kubecon-2017 tag=2017",
        "Example: /docc deploy kubecon-2017 tag=2018 scale=5 in=production reason="new schedule"",
        "Example: /docc deploy kubecon-2017 from=staging in=production",
        "Example: /docc deploy kubecon-2017 tag=2019 in=production emergency="the shop is down"",
      ]
    `);
  });

  it("explains itself", async () => {
    expect((await say("help help")).answer.text).toBe(
      "/docc help [command]: Show all commands, or how to use one.",
    );
  });

  it("says which command was meant", async () => {
    expect((await say("help depoly")).answer).toEqual({
      text: 'There is no command "depoly".',
      reason: "not-found",
      lines: ["Did you mean /docc help deploy?"],
    });
  });
});
