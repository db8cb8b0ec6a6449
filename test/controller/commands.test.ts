import { expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { createCommands } from "../../src/controller/commands.ts";
import { createLogger } from "../../src/log.ts";
import { type CommandRecord, commandLastsMs } from "../../src/release/command-record.ts";
import { until } from "../support/until.ts";

/** What docc answers to a lock that it first sees so long after it was stored, and whether it did it. */
async function answerAfter(
  ms: number,
  provider: "kubernetes" | "slack" = "kubernetes",
  isInherited = false,
) {
  const clock = new SteppedClock();
  const stored = new Date(clock.now() - ms).toISOString();
  const command: CommandRecord = {
    metadata: { name: "lock-1", namespace: "docc", uid: "u1", creationTimestamp: stored },
    spec: { text: "lock web in=staging", by: { provider, team: "", user: "ann" } },
  } as CommandRecord;
  const did: string[] = [];
  const ages: (number | undefined)[] = [];
  const refused: string[] = [];
  const answers: string[] = [];
  const commands = createCommands({
    clock,
    wall: clock,
    random: () => 0,
    log: createLogger("silent"),
    isInherited: () => isInherited,
    asked: () => (answers.length === 0 ? command : undefined),
    records: {
      isIdentityBound: () => Promise.resolve(true),
      answerCommand: (_command, { code, sentence }) => {
        answers.push(`${code}: ${sentence}`);
        return Promise.resolve(command);
      },
    },
    run: ({ spec }, askedAt) => {
      did.push(spec.text);
      ages.push(askedAt === undefined ? undefined : clock.now() - askedAt);
      return Promise.resolve({ outcome: "answered", code: "ok", sentence: "Locked." });
    },
    refused: (_command, code) => refused.push(code),
  });
  commands.touch("lock-1");
  await until("it is answered", () => {
    clock.step(1);
    return answers.length > 0;
  });
  await commands.stop();
  return { did, ages, refused, answers };
}

it("does a command that waited for docc to come back", async () => {
  const { did, refused, answers } = await answerAfter(commandLastsMs - 60_000);
  expect(did).toEqual(["lock web in=staging"]);
  expect(refused).toEqual([]);
  expect(answers).toEqual(["ok: Locked."]);
});

it("does one that waited too long not at all, says so, and records it", async () => {
  const { did, refused, answers } = await answerAfter(commandLastsMs + 60_000);
  expect(did).toEqual([]);
  expect(refused).toEqual(["expired"]);
  expect(answers).toEqual([
    "expired: docc came to it more than 10m after it was asked, and did nothing: ask again.",
  ]);
});

it("does none whose asker the cluster did not vouch for, however new", async () => {
  const { did, refused } = await answerAfter(0, "slack");
  expect(did).toEqual([]);
  expect(refused).toEqual(["identity-not-bound"]);
});

it("says when it was asked where another leader may have done it before, and only there", async () => {
  expect((await answerAfter(60_000)).ages).toEqual([undefined]);
  const [age = 0] = (await answerAfter(60_000, "kubernetes", true)).ages;
  expect(age).toBeGreaterThanOrEqual(60_000);
  expect(age).toBeLessThan(61_000);
});
