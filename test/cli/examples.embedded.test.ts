import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";
import { terminalExamples, wordsOf } from "./examples.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const reading = ["status", "list", "diff", "inspect", "logs", "events", "open", "history", "show"];
/** Run where the cluster knows people by their addresses: test/deploy/terminal.ts. */
const ofPeople = "list maintainer=me";
const examples = (await terminalExamples()).filter(
  (example) => reading.includes(example.split(" ")[0] ?? "") && example !== ofPeople,
);

describe("the examples of the terminal that only read", { timeout: 60_000 }, () => {
  let stage: Stage;
  let terminal: Terminal;
  let release: string;
  beforeAll(async () => {
    stage = await openStage({ ...embedded, others: ["staging"] }, "socket");
    terminal = await openTerminal(stage);
    const example = new URL("../../examples/3-ingress.json", import.meta.url);
    const manifest = JSON.parse(await readFile(example, "utf8")) as object;
    const links = { dashboard: "https://grafana.example.com/d/kubecon-2017" };
    const file = path.join(terminal.folder, "manifest.json");
    await writeFile(file, JSON.stringify({ ...manifest, links }));
    for (const where of ["in=staging", "in=production"]) {
      const { status, stderr } = await terminal.docc("deploy", "-f", file, where, "--wait");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    }
    release = (await stage.releases())[0]?.metadata.name ?? "";
  }, 120_000);
  afterAll(async () => {
    await terminal.close();
    await stage.close();
  }, 60_000);

  it("are found", () => {
    const words = new Set(examples.map((example) => example.split(" ")[0]));
    expect(words).toEqual(new Set(reading));
  });

  it.each(examples)("docc %s", async (example) => {
    // Here is one revision, and one page.
    const named = example
      .replace(/kubecon-2017-[0-9a-f]{12}/u, release)
      .replace("revision=7", "revision=1");
    const endless = ["-f", "follow=true", "page=2"];
    const words = wordsOf(named).filter((word) => !endless.includes(word));
    // The pages tell of an app that is in one environment at first.
    const isOpen = !named.includes("in=") && words[1] === "kubecon-2017";
    const { status, stdout, stderr } = await terminal.docc(
      ...words,
      ...(isOpen ? ["in=production"] : []),
    );
    expect(status, stderr).toBe(0);
    expect(stderr).not.toMatch(/^docc:/mu);
    // A log that has no such line is told of on standard error.
    const isChosen = words.some((word) => /^(?:grep|previous)=/u.test(word));
    if (isChosen) expect(stderr).not.toBe("");
    else if (words[0] !== "events") expect(stdout).not.toBe("");
  });
});
