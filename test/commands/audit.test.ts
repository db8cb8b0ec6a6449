import { describe, expect, it } from "vitest";
import type { AuditQuery } from "../../src/audit/query.ts";
import { startOf } from "../../src/commands/audit.ts";
import { record } from "../audit/records.ts";
import { say, worldOf } from "./ports.ts";

const slack = (user: string) => ({ who: { provider: "slack", team: "T0TEAM", user } as const });
const log = [
  record("a", { ...slack("UONE"), app: "shop", environment: "production", words: ["tag=2018"] }),
  record("b", {
    ...slack("UTWO"),
    time: "2017-12-06T09:30:00.000Z",
    word: "reject",
    app: "shop",
    environment: "staging",
    reason: "not today",
  }),
  record("c", {
    time: "2017-12-06T09:45:00.000Z",
    type: "end",
    word: "failed",
    who: { provider: "docc", team: "", user: "docc" },
    outcome: "crash-loop",
    app: "web",
    release: "web-0123456789ab",
  }),
];

async function rows(words: string): Promise<readonly string[]> {
  const { answer } = await say(`audit ${words}`, worldOf({ audit: log }));
  return (answer.table?.rows ?? []).map((row) => row.join(" | "));
}

describe("audit", () => {
  it("shows everything, newest first, with the people of Slack by name", async () => {
    const { answer } = await say("audit", worldOf({ audit: log }));
    expect(answer).toEqual({
      text: "The 3 latest records, times in UTC.",
      named: ["UTWO", "UONE"],
      table: {
        columns: ["When", "Who", "What", "Outcome"],
        rows: [
          ["2017-12-06 09:45:00", "docc", "failed: web web-0123456789ab", "crash-loop"],
          ["2017-12-06 09:30:00", "@UTWO", 'reject shop in staging: "not today"', "ok"],
          ["2017-12-06 09:00:00", "@UONE", "deploy shop in production tag=2018", "ok"],
        ],
      },
    });
  });

  it.each([
    ["shop", 2],
    ["shop in=staging", 1],
    ["by=@utwo", 1],
    ["by=UONE", 1],
    ["lines=1", 1],
    ["nothing", 0],
  ])("chooses by %s", async (words, count) => {
    expect(await rows(words)).toHaveLength(count);
  });

  it("says how far back it looked where that was not the whole log", async () => {
    const asked: AuditQuery[] = [];
    const world = worldOf();
    const ports = {
      ...world.ports,
      audit: {
        read: (query: AuditQuery) => {
          asked.push(query);
          return Promise.resolve({ records: [], lookedBackTo: "2017-11-06T09:00:00.000Z" });
        },
      },
    };
    const { answer } = await say("audit shop since=7d", { ...world, ports });
    expect(answer).toEqual({
      text: "The audit log has no such records of shop.",
      lines: ["docc looked back to 2017-11-06 09:00:00 UTC, not further."],
    });
    const now = ports.clock.now();
    expect(asked).toEqual([{ app: "shop", since: now - 7 * 24 * 3_600_000, lines: 20 }]);
  });

  it("takes a duration or a day for since=, and nothing else", () => {
    expect(startOf("24h", 86_400_000)).toBe(0);
    expect(startOf("2017-12-06", 0)).toBe(Date.UTC(2017, 11, 6));
    for (const text of ["yesterday", "2017-13-45", "-1h", ""]) {
      expect(() => startOf(text, 0), text).toThrow("since= takes no");
    }
  });

  it.each([
    ["audit lines=0", "lines= takes a whole number from 1 to 10000."],
    ["audit lines=91", "A message has at most 90 lines of it."],
    ["audit in=nowhere", 'There is no environment "nowhere".'],
    ["audit shop more", '"more" is one word too many.'],
  ])("refuses %s", async (text, sentence) => {
    expect((await say(text)).answer.text).toBe(sentence);
  });
});

describe("the record of a command", () => {
  it("says what was asked, without what may be secret", async () => {
    const text =
      'deploy kubecon-2017 tag=2018 kubecon.env.PASSWORD=hunter2 in=production reason="new schedule"';
    const { audit } = await say(text);
    expect(audit).toMatchObject([
      {
        command: "deploy",
        app: "kubecon-2017",
        environment: "production",
        reason: "new schedule",
        words: ["tag=2018", "kubecon.env.PASSWORD="],
      },
    ]);
    expect(JSON.stringify(audit)).not.toContain("hunter2");
  });

  it("names the environment that a deploy meant without saying so", async () => {
    const { audit } = await say("deploy web");
    expect(audit).toMatchObject([{ app: "web", environment: "staging", outcome: "not-found" }]);
  });

  it("tells an emergency from an ordinary reason", async () => {
    const { audit } = await say('deploy kubecon-2017 tag=1 emergency="the shop is down"');
    expect(audit).toMatchObject([{ reason: "emergency: the shop is down" }]);
  });
});
