import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SandboxImage } from "../../sandbox/images.ts";
import type { AuditRecord } from "../../src/audit/record.ts";
import { registry } from "../../src/commands/registry.ts";
import { createAuditReader } from "../../src/k8s/audit-reader.ts";
import { createAuditStore } from "../../src/k8s/audit-store.ts";
import { deployments } from "../../src/k8s/kinds.ts";
import { isTerminal, phaseOf } from "../../src/release/phases.ts";
import { openTerminal, type Terminal } from "../cli/terminal.ts";
import { foreign } from "./foreign.ts";
import { recordApps } from "./many-apps.ts";
import { embeddedWith, openStage, type Stage } from "./stage.ts";

const image = "registry.corp.example.com/demo/kubecon";
/** All of them work: an example is about its words. */
const images = ["2016", "2017", "2018", "2019"].map((tag): SandboxImage => ({
  reference: `${image}:${tag}`,
  behaviour: { kind: "serves", readyAfterMs: 100 },
  logs: [`kubecon ${tag} starting`],
}));

/** In the order of help, but for what leaves nothing to look at. */
const examples = registry
  .toSorted((a, b) => Number(a.name === "delete") - Number(b.name === "delete"))
  .flatMap((command) => command.examples);

/** What decides is decided by somebody else than who asked. */
const whoTypes = (typed: string): string =>
  /^(approve|reject) /u.test(typed) ? "approver" : "developer";

describe("every example of every command", { timeout: 60_000 }, () => {
  let stage: Stage;
  let terminal: Terminal;
  let audit: ReturnType<typeof createAuditReader>;
  beforeAll(async () => {
    const rollout = { timeout: "10m", stable: "1s" };
    const target = { ...embeddedWith(images), rollout, others: ["staging"] };
    stage = await openStage({ ...target, top: { operators: ["UDEVELOPER"] } }, "socket");
    terminal = await openTerminal(stage);
    audit = createAuditReader(createAuditStore(stage.world.api, stage.home));
    await deployed("kubecon-2017", "in=staging");
    await deployed("kubecon-2018", "in=staging");
    await deployed("kubecon-2017", "in=production");
    for (const scale of [1, 2, 4, 1, 2, 4, 3]) {
      await ask("update", "kubecon-2017", `scale=${scale}`, "in=production", "--wait");
    }
  }, 120_000);
  afterAll(async () => {
    await terminal.close();
    await stage.close();
  }, 60_000);

  async function ask(...argv: readonly string[]): Promise<void> {
    const { status, stderr } = await terminal.docc(...argv);
    expect({ status, stderr }, argv.join(" ")).toEqual({ status: 0, stderr: "" });
  }

  async function deployed(app: string, where: string): Promise<void> {
    const example = new URL("../../examples/3-ingress.json", import.meta.url);
    const manifest = JSON.parse(await readFile(example, "utf8")) as object;
    const file = path.join(terminal.folder, `${app}.json`);
    await writeFile(file, JSON.stringify({ ...manifest, application: app }));
    await ask("deploy", "-f", file, "tag=2016", where, "--wait");
  }

  /** What Slack's people have asked. */
  async function asked(): Promise<readonly AuditRecord[]> {
    const { records } = await audit({ lines: 1_000 });
    return records.filter(({ type, who }) => type === "command" && who.provider === "slack");
  }

  async function undecided(where: string): Promise<void> {
    await stage.restart({ settings: { approval: { count: 1, from: ["UAPPROVER"] } } });
    await ask("update", "kubecon-2017", `env.ASKED=${(await stage.releases()).length}`, where);
    await stage.until("it waits for a decision", async () =>
      (await stage.releases()).find((each) => phaseOf(each) === "awaiting-approval"),
    );
  }

  /** What must be so before an example means anything. */
  const before: Readonly<Record<string, () => Promise<void>>> = {
    "approve kubecon-2017 in=production": () => undecided("in=production"),
    'reject kubecon-2017 in=production reason="not before the keynote"': () =>
      undecided("in=production"),
    "cancel kubecon-2017": () => undecided("in=staging"),
    'cancel kubecon-2017 in=production reason="wrong tag"': () => undecided("in=production"),
    "lock kubecon-2017": () => stage.restart({}),
    // More than a page of them.
    "list maintainer=@example.com page=2": () => recordApps(stage, 60),
    "init from=deployment/shop in=production": async () => {
      await stage.world.api.create(deployments, foreign("shop", stage.apps, `${image}:2016`));
    },
  };

  it("has what it needs", () => {
    expect(examples).toEqual(expect.arrayContaining(Object.keys(before)));
  });

  it.each(examples)("/docc %s", async (typed) => {
    await before[typed]?.();
    const known = (await asked()).map(({ name }) => name);
    const gesture = await stage.slack.as(whoTypes(typed)).command("#deploys", `/docc ${typed}`);
    expect(gesture.ack.ok).toBe(true);
    const heard: string[] = [];
    const hearing = Promise.any([
      gesture.opened(50_000).then(({ callbackId }) => `[${callbackId}]`),
      gesture
        .answer(50_000)
        .then((answer) =>
          answer.kind === "ephemeral" ? stage.slack.render(answer.ephemeral) : answer.kind,
        ),
    ]).then((said) => void heard.push(said));
    const said = await stage.until("it is answered", () => heard[0]);
    await hearing;
    const record = await stage.until("it is recorded", async () =>
      (await asked()).find(({ name }) => !known.includes(name)),
    );
    expect(record, said).toMatchObject({ word: typed.split(" ")[0], outcome: "ok" });
    expect(said).not.toMatch(/There is no/u);
    await ended();
  });

  /** Whatever the example has asked for went well. */
  async function ended(): Promise<void> {
    const all = await stage.until("every release has ended", async () => {
      const found = await stage.releases();
      return found.every((each) => isTerminal(phaseOf(each))) ? found : undefined;
    });
    expect(all.map(phaseOf)).not.toContain("refused");
    expect(all.map(phaseOf)).not.toContain("failed");
  }
});
