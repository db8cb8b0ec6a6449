import { describe, expect, it } from "vitest";
import type { EventGroup, LogLine } from "../../src/commands/ports.ts";
import { registry } from "../../src/commands/registry.ts";
import type { Application, Release } from "../../src/release/release.ts";
import { refuseView } from "../../sandbox/slack/validate.ts";
import { limits } from "../../src/slack/limits.ts";
import { answerMessage, withoutForms } from "../../src/slack/views/answer.ts";
import { questionsForm } from "../../src/slack/views/questions-form.ts";
import { application, manifest, say, worldOf } from "../commands/ports.ts";
import { plan, release } from "../release/releases.ts";
import { isAccepted, nasty } from "./accepted.ts";

const longName = (at: number): string => `a${String(at).padStart(49, "0")}`;
const hostile = nasty.join(" ");
/** The API server stores no half of a character. */
const stored = hostile.toWellFormed();

/** An app with a name as long as names may be, and a manifest as hostile as manifests may be. */
function app(at: number): Application {
  const name = longName(at);
  const head = application(name, at % 2 === 0 ? "staging" : "production");
  const image = { image: `registry.example.com/${"x".repeat(200)}`, image_tag: "t".repeat(128) };
  const text = JSON.stringify({
    ...manifest,
    application: name,
    containers: { [name]: { ...image, ports: [], env: { HOSTILE: stored } } },
    maintainer: Array.from({ length: 20 }, (_, nth) => `${"m".repeat(60)}${nth}@example.com`),
    team: "t".repeat(60),
  });
  const { status } = head;
  if (status?.applied === undefined) throw new Error("nothing is applied");
  const applied = { ...status.applied, manifest: text };
  return { ...head, status: { ...status, applied, current: applied } };
}

/** Releases of the first app that ended badly, for reasons that strangers have written. */
const releases: readonly Release[] = Array.from({ length: 100 }, (_, at) => {
  const made = release(
    {
      phase: "failed",
      revision: at + 1,
      app: longName(0),
      transitions: [],
      plan: { ...plan, to: hostile, risks: [hostile], warnings: [hostile] },
      verdict: {
        outcome: "failed",
        affected: hostile,
        ready: 0,
        wanted: 1,
        urls: [],
        cause: { code: "exits", sentence: hostile, evidence: [hostile], next: hostile },
      },
    },
    { app: longName(0), environment: "staging", reason: hostile, words: { "env.X": hostile } },
  );
  return { ...made, metadata: { ...made.metadata, name: `${longName(0)}-${at}` } };
});

const logs: readonly LogLine[] = Array.from({ length: 10_000 }, (_, at) => ({
  at: "2017-12-06T10:00:00.000000000Z",
  pod: `${longName(0)}-7d4b9c6f5-x7k2p`,
  container: longName(0),
  text: `${at} ${hostile} ${"long ".repeat(200)}`,
}));

const events: readonly EventGroup[] = Array.from({ length: 1_000 }, (_, at) => ({
  type: at % 2 === 0 ? "Warning" : hostile,
  reason: hostile,
  kind: "Pod",
  name: `${longName(0)}-${at}`,
  message: hostile,
  count: at,
  last: "2017-12-06T10:00:00Z",
}));

/** What strangers have made, as hostile as it may be. */
const adoptable = () =>
  Promise.resolve({
    deployment: {
      kind: "Deployment",
      metadata: { name: hostile, uid: "u", annotations: { [stored]: hostile } },
      spec: {
        template: { spec: { containers: [{ name: hostile, image: hostile, env: [hostile] }] } },
      },
    },
    objects: Array.from({ length: 500 }, (_, at) => ({
      kind: "Service",
      metadata: { name: `${hostile}${at}` },
      spec: { selector: { a: hostile } },
    })),
    unread: [hostile],
  });

const crowded = worldOf({
  adoptable,
  apps: Array.from({ length: 1_000 }, (_, at) => app(at)),
  releases,
  logs,
  events,
  links: { [`dashboard`]: `https://example.com/${"x".repeat(2_000)}/{app}` },
});
const empty = worldOf({ apps: [] });

const name = longName(0);
const asked = [
  "list",
  "list page=20",
  "list maintainer=@example.com health=healthy",
  "list in=moon",
  `show ${name}`,
  `show ${name} as=yaml`,
  `show ${name} revision=7`,
  `inspect ${name}`,
  `logs ${name}`,
  `logs ${name} lines=500`,
  `logs ${name} grep=long lines=500`,
  `events ${name}`,
  `events ${name} kind=Pod since=7d`,
  `history ${name} lines=100`,
  `status ${name}`,
  "status",
  `open ${name}`,
  `diff ${name} revision=100`,
  `validate ${name}`,
  `init from=deployment/${name} in=production`,
  `init ${name} image="${hostile}" hosts="${hostile}" in=staging`,
  `init ${["app", "image", "port", "hosts", "scale", "memory", "maintainer"].map((key) => `${key}=${"x".repeat(300)}`).join(" ")}`,
  `init ${name} image=r/${"x".repeat(200)}:${"t".repeat(90)} port=1 scheme=https hosts=${"h".repeat(60)}.example.com write=true`,
  `rollback ${name} to=5`,
  `update ${name} tag=${"x".repeat(200)}`,
  `delete ${name}`,
  `delete ${Array.from({ length: 10 }, (_, at) => longName(at)).join(" ")}`,
  `delete ${longName(9_998)} ${longName(9_999)} ${name}`,
  `deploy ${name} from=staging in=production`,
  `deploy ${longName(9_999)}`,
  `lock ${name} reason="${"<!here> ".repeat(30)}"`,
  "config",
  "config channel environment=staging quiet=on",
  "config environment=default quiet=off notify=dm",
  `config environment="${"<!here> ".repeat(12)}"`,
  `config ${"x".repeat(90)}`,
  "audit",
  ...registry.map((command) => `help ${command.name}`),
  "help",
  hostile,
  `deploy ${nasty.join("")}`,
];

describe("an answer is within Slack's limits", () => {
  it.each(asked)("with 1,000 apps and everything hostile: %s", async (words) => {
    const { answer } = await say(words, crowded);
    expect(answer.reason).not.toBe("internal");
    isAccepted(answerMessage(answer), ours(answer.named));
    isAccepted(answerMessage(withoutForms(answer)), ours(answer.named));
    if (answer.ask === undefined) return;
    const view = questionsForm(answer, answer.ask, "C0123456789");
    expect(refuseView(JSON.parse(JSON.stringify(view)), "modal")).toBeUndefined();
    expect(view.private_metadata?.length).toBeLessThan(limits.privateMetadata);
  });

  it.each(asked)("with nothing at all: %s", async (words) => {
    const { answer } = await say(words, empty);
    expect(answer.reason).not.toBe("internal");
    isAccepted(answerMessage(answer), ours(answer.named));
  });
});

/** Whom an answer names on purpose, and calls not. */
function ours(named: readonly string[] = []): readonly string[] {
  return named.map((id) => `<@${id}>`);
}
