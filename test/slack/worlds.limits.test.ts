import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { refuseView } from "../../sandbox/slack/validate.ts";
import { optionsAnswer } from "../../sandbox/slack/elements.ts";
import type { Answer } from "../../src/commands/answer.ts";
import type { Command } from "../../src/commands/define.ts";
import { homeOf } from "../../src/commands/home.ts";
import { registry } from "../../src/commands/registry.ts";
import { suggest } from "../../src/commands/suggest.ts";
import { milestonesOf } from "../../src/release/milestones.ts";
import type { Release } from "../../src/release/release.ts";
import type { ReleaseView } from "../../src/release/story.ts";
import { formAsk } from "../../src/slack/answering.ts";
import { plain } from "../../src/slack/escape.ts";
import { mention } from "../../src/slack/people.ts";
import { answerModal } from "../../src/slack/views/answer-modal.ts";
import { answerMessage, withoutForms } from "../../src/slack/views/answer.ts";
import { askMessage } from "../../src/slack/views/ask.ts";
import { confirmForm } from "../../src/slack/views/confirm-form.ts";
import { copyMessage } from "../../src/slack/views/copy.ts";
import { endMessage } from "../../src/slack/views/end.ts";
import { goingOn, over } from "../../src/slack/views/followed.ts";
import { homeView } from "../../src/slack/views/home.ts";
import { manifestForm } from "../../src/slack/views/manifest-form.ts";
import { milestoneMessage } from "../../src/slack/views/milestone.ts";
import { optionsOf } from "../../src/slack/views/palette.ts";
import { questionsForm } from "../../src/slack/views/questions-form.ts";
import { rootMessage } from "../../src/slack/views/root.ts";
import { oneLine } from "../../src/text/clean.ts";
import { request, say, worldOf } from "../commands/ports.ts";
import { at } from "../release/cluster.ts";
import { isAccepted, isHarmless, saysSomething } from "./accepted.ts";
import { alongside, typedCommand } from "./typed-commands.ts";
import { randomWorld, text } from "./worlds.ts";

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
/** Few, because a world is large; `LIMITS_RUNS=150` takes a minute or two, and a failure prints its seed. */
const numRuns = Number(process.env["LIMITS_RUNS"] ?? 12);

/** A random world, and a command about it as somebody might type it. */
const asked = (command: Command) =>
  randomWorld.chain((around) =>
    fc.record({
      around: fc.constant(around),
      typed: typedCommand(command, around),
      along: alongside,
    }),
  );

/** All that Slack gets of an answer, whatever the way it was asked. */
function isTold(answer: Answer, command: Command): void {
  const ours = (answer.named ?? []).map((id) => `<@${id}>`);
  expect(answer.reason).not.toBe("internal");
  const hasForm = [answer.ask, answer.confirm, answer.form].some((form) => form !== undefined);
  for (const each of hasForm ? [answer, withoutForms(answer)] : [answer]) {
    const message = answerMessage(each);
    isAccepted(message, ours);
    isHarmless(message, answer.named);
    saysSomething(message);
  }
  if (command.name === "logs") {
    for (const followed of [
      goingOn(answer, {
        stop: "logs shop follow=stop",
        endsAt: Date.parse("2017-12-06T09:10:00Z"),
      }),
      over(answer, "Stopped by you."),
    ]) {
      isAccepted(followed, ours);
      isHarmless(followed, answer.named);
    }
  }
  if (answer.post !== undefined) {
    const post = answerMessage(answer.post);
    isAccepted(
      post,
      (answer.post.named ?? []).map((id) => `<@${id}>`),
    );
    isHarmless(post, answer.post.named);
  }
  for (const view of viewsOf(answer, command)) {
    expect(refuseView(JSON.parse(JSON.stringify(view)), "modal")).toBeUndefined();
    isHarmless(view, answer.named);
  }
}

function viewsOf(answer: Answer, { modal = "docc" }: Command) {
  const { ask, confirm, form } = answer;
  const channel = "C0123456789";
  return [
    answerModal(modal, answer),
    ...(ask === undefined ? [] : [questionsForm(answer, ask, channel)]),
    ...(confirm === undefined ? [] : [confirmForm(answer, confirm, channel)]),
    ...(form === undefined
      ? []
      : [manifestForm({ ...formAsk(form, channel), environments: ["production"] })]),
  ];
}

describe(`what Slack is given of any world (seed ${seed}, ${numRuns} runs)`, () => {
  it.each(registry.map((command) => [command.name, command] as const))(
    "is within its limits and harmless as an answer of %s",
    { timeout: 600_000 },
    async (_name, command) => {
      await fc.assert(
        fc.asyncProperty(asked(command), async ({ around, typed, along }) => {
          const more =
            along === undefined ? {} : { manifest: { type: "inline", text: along } as const };
          const { answer } = await say(typed, around.world, more);
          isTold(answer, command);
        }),
        { numRuns, seed },
      );
    },
  );

  it.each(registry.map((command) => [command.name, command] as const))(
    "is so where %s is asked of an empty cluster",
    async (_name, command) => {
      const around = {
        world: worldOf({ apps: [] }),
        names: ["a"],
        environments: ["staging"],
        releases: [],
      } as const;
      await fc.assert(
        fc.asyncProperty(typedCommand(command, around), async (typed) => {
          isTold((await say(typed, around.world)).answer, command);
        }),
        { numRuns, seed },
      );
    },
  );

  it("is so when it is no command at all", async () => {
    const [help] = registry.filter(({ name }) => name === "help");
    if (help === undefined) throw new Error("there is no help");
    await fc.assert(
      fc.asyncProperty(randomWorld, text, text, async ({ world }, one, two) => {
        isTold((await say(`${one} ${two}`.slice(0, 5_000), world)).answer, help);
      }),
      { numRuns, seed },
    );
  });

  it("is so as the messages of every release", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomWorld, text, async ({ releases }, word) => {
        for (const release of releases.slice(0, 15)) isToldOf(release, plain(word).trim() || "web");
      }),
      { numRuns: numRuns * 2, seed },
    );
  });

  it("is so as anybody's App Home", { timeout: 600_000 }, async () => {
    const person = { person: request.requester, ids: [request.requester.user] };
    await fc.assert(
      fc.asyncProperty(randomWorld, async ({ world }) => {
        const wall = new SteppedClock();
        const data = await homeOf(person, world.ports, {
          people: [],
          wall,
          known: () => undefined,
        });
        const view = homeView(data, mention);
        expect(refuseView(JSON.parse(JSON.stringify(view)), "home")).toBeUndefined();
        isHarmless(view);
      }),
      { numRuns: numRuns * 2, seed },
    );
  });

  it("is so as what is offered while somebody types", { timeout: 600_000 }, async () => {
    const offers = ["app", "release", "revision", "success"] as const;
    await fc.assert(
      fc.asyncProperty(randomWorld, text, async ({ environments, names, world }, typed) => {
        const given = { environment: environments[0] ?? "", app: names[0] };
        for (const offer of offers) {
          const options = optionsOf(suggest(offer, typed, given, world.ports));
          expect(optionsAnswer(JSON.parse(JSON.stringify({ options })), "")).toEqual([]);
          isHarmless({ options });
        }
      }),
      { numRuns, seed },
    );
  });
});

const address = "https://docc.slack.com/archives/C1/p1";
/** Whom and what the messages of a release name on purpose. */
const people = ["U0DEVELOPER", "U0APPROVER", "U0OWNER"].map((id) => `<@${id}>`);
const ours = [...people, "<#C0DEPLOYS>", `<${address}>`];

/** The root message, the replies in its thread, and all that is sent to people directly. */
function isToldOf(release: Release, word: string): void {
  const earlier = { release: word, revision: 1, version: word };
  const view: ReleaseView = {
    release,
    now: at(600),
    stableMs: 60_000,
    earlier,
    behind: release.metadata.name,
    followUp: { ...earlier, byItself: word.length % 2 === 0 },
    owners: [oneLine(word), "U0OWNER"],
    progress: {
      ready: 1,
      wanted: 2,
      old: 0,
      waitingFor: word,
      warnings: Array.from({ length: 9 }, (_, nth) => ({
        key: `${word}${nth}`,
        reason: word,
        kind: word,
        message: word,
        count: nth,
      })),
    },
  };
  const messages = [
    rootMessage(view, mention),
    askMessage(view, mention),
    endMessage(view, address),
    copyMessage(release, ""),
    ...milestonesOf(release, view).map((each) => milestoneMessage(each, mention)),
  ];
  for (const message of messages) {
    isAccepted(message, [...ours, `<https://${release.spec.app}.example.com>`]);
    isHarmless(message);
    saysSomething(message);
  }
}
