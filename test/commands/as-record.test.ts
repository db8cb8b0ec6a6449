import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordedAnswer, runRecorded } from "../../src/commands/as-record.ts";
import type { AuditLine } from "../../src/commands/dispatch.ts";
import { registry } from "../../src/commands/registry.ts";
import type { CommandRecord } from "../../src/release/command-record.ts";
import { crdSchema, schemaAt, violations } from "../release/crd-schema.ts";
import { worldOf } from "./ports.ts";

const status = schemaAt(crdSchema("commands"), "status");
const by = { provider: "kubernetes", team: "", user: "dev@example.com" } as const;

function command(text: string): CommandRecord {
  const metadata = {
    name: "lock-1",
    namespace: "docc",
    uid: "0f1e",
    resourceVersion: "1",
    creationTimestamp: "2017-12-06T09:00:00Z",
  };
  return { metadata, spec: { text, by } };
}

async function run(text: string, world = worldOf()) {
  const audit: AuditLine[] = [];
  const record = (line: AuditLine) => void audit.push(line);
  const answer = await runRecorded(command(text), { registry, ports: world.ports, audit: record });
  return { answer, audit, asked: world.asked };
}

describe("a Command", () => {
  it("is done for who asked, answered, and recorded by its uid", async () => {
    const { answer, audit, asked } = await run('lock kubecon-2017 for=2h reason="load test"');
    expect(answer).toEqual({
      outcome: "answered",
      code: "ok",
      sentence: "Locked kubecon-2017 in staging until 1970-01-01 02:00 UTC: load test.",
      lines: ["Your own releases do not end it. Rollbacks are not held up by it."],
    });
    expect(asked).toEqual([
      {
        app: "kubecon-2017",
        environment: "staging",
        by,
        reason: "load test",
        lasts: 7_200_000,
      },
    ]);
    expect(audit).toMatchObject([
      { command: "lock", ...by, delivery: "command:0f1e", outcome: "ok", app: "kubecon-2017" },
    ]);
  });

  it("counts its time from when it was asked, where that may be a while ago", async () => {
    const { ports, asked } = worldOf();
    const record = command("lock kubecon-2017 for=2h");
    const { sentence } = await runRecorded(
      record,
      { registry, ports, audit: () => undefined },
      6e4,
    );
    expect(sentence).toBe("Locked kubecon-2017 in staging until 1970-01-01 02:01 UTC.");
    expect(asked).toMatchObject([{ by, lasts: 7_200_000, askedAt: 60_000 }]);
  });

  it("has the findings as lines, and a code that says whether one is an error", () => {
    const finding = { line: 1, column: 1, code: "unknown-key", path: "env" } as const;
    const warning = { ...finding, severity: "warning", message: "It is odd.", hint: "" } as const;
    const error = { ...warning, severity: "error", hint: "Leave it out." } as const;
    const text = "The manifest of web in staging is not valid: 1 error, 1 warning.";
    expect(recordedAnswer({ text, findings: [warning, error] })).toEqual({
      outcome: "answered",
      code: "not-valid",
      sentence: text,
      lines: ["warning: env: It is odd.", "error: env: It is odd. Leave it out."],
    });
    expect(recordedAnswer({ text, findings: [warning] }).code).toBe("ok");
    const { lines } = recordedAnswer({ text, findings: Array.from({ length: 30 }, () => error) });
    expect(lines?.at(-1)).toBe("11 more lines are not shown here.");
  });

  it("has the table of what it shows", async () => {
    const people = [{ slack: "U0DEVELOPER", kubernetes: by.user }];
    const { answer } = await run("config", worldOf({ people }));
    expect(answer.table?.columns).toEqual(["setting", "value", "from"]);
    expect(answer.table?.rows).toContainEqual(["notify", "mention", "docc's default"]);
  });

  it.each([
    ["deploy kubecon-2017 tag=2018", "deploy"],
    ["approve kubecon-2017-0123456789ab plan=x", "approve"],
    ["help", "help"],
    ["audit", "audit"],
    ["lock", "lock"],
    ["lock kubecon-2017 until=tomorrow", "lock"],
    ["rm -rf", "unknown"],
    ["\u001b[2J", "unknown"],
  ])("that is none of its words does nothing, and is recorded: %s", async (text, word) => {
    const { answer, audit, asked } = await run(text);
    expect(answer).toMatchObject({ outcome: "refused", code: "bad-input" });
    expect(audit).toEqual([
      {
        command: word,
        ...by,
        channel: undefined,
        delivery: "command:0f1e",
        outcome: "bad-input",
      },
    ]);
    expect(asked).toEqual([]);
  });

  it("says which words come this way, by their declarations", async () => {
    const { answer } = await run("deploy kubecon-2017 tag=2018");
    expect(answer.sentence).toBe("deploy is not asked for by a Command.");
    expect(answer.lines).toEqual(["These are: lock, unlock, validate, config."]);
  });

  it("is refused in the words of its declaration", async () => {
    const { answer, audit } = await run("lock kubecon-2018");
    expect(answer).toMatchObject({ outcome: "refused", code: "not-found" });
    expect(audit).toMatchObject([{ command: "lock", outcome: "not-found" }]);
  });
});

describe("the answer to a Command", () => {
  it("is one that the API server takes, whatever was said", () => {
    const text = fc.string({ unit: "binary", maxLength: 3_000 });
    const answer = fc.record({
      text,
      lines: fc.array(text, { maxLength: 30 }),
      table: fc.record({
        columns: fc.array(text, { maxLength: 10 }),
        rows: fc.array(fc.array(text, { maxLength: 10 }), { maxLength: 60 }),
      }),
    });
    const at = "2017-12-06T09:00:00.000Z";
    fc.assert(
      fc.property(answer, (said) => {
        expect(violations(status, { ...recordedAnswer(said), at })).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
