import type { Random } from "../../fuzz/random.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { elementsOf } from "../../sandbox/slack/validate.ts";
import { textAt } from "../../sandbox/slack/json.ts";
import type { Message } from "../../sandbox/slack/types.ts";

/** What a person has in mind for a message, from when it offers it. */
interface Mood {
  readonly who: "approver" | "developer";
  readonly button: string;
}

const patienceMs = 1_000;
/**
 * Whoever presses in vain so often is not entitled, as a developer is not to cancel what a pipeline asked for: then
 * the approver says yes, else nothing would ever come of it.
 */
const mostPresses = 10;
const modalMs = 3_000;
const stops = ["Stop", "Stop and roll back"];

/** Words of the buttons of a message. */
function buttonsOf({ blocks }: Pick<Message, "blocks">): readonly string[] {
  return blocks.flatMap(elementsOf).flatMap((element) => textAt(element, "text") ?? []);
}

export function offers(message: Pick<Message, "blocks">, button: string): boolean {
  return buttonsOf(message).includes(button);
}

/**
 * People at the buttons, whether docc is there or not: what one means to press is pressed once a second
 * for as long as it is offered.
 */
export class Deciders {
  readonly #slack: FakeSlack;
  readonly #random: Random;
  readonly #moods = new Map<string, Mood | undefined>();
  readonly #pressed = new Map<string, { readonly at: number; readonly times: number }>();
  #isRejecting = false;

  constructor(slack: FakeSlack, random: Random) {
    this.#slack = slack;
    this.#random = random;
  }

  /**
   * One look at a channel. Approvals are given or refused; now and then somebody cancels or stops.
   * @param isOver true when nothing but approvals shall be given any more
   * @returns what was pressed
   */
  look(channel: string, isOver: boolean): readonly Promise<void>[] {
    return this.#slack.messages(channel).flatMap((message) => {
      const key = `${message.channel} ${message.ts}`;
      const { at, times } = this.#pressed.get(key) ?? { at: -Infinity, times: 0 };
      const isVain = times >= mostPresses;
      const mood = isOver || isVain ? approves(message) : this.#mood(message);
      if (mood === undefined || !offers(message, mood.button)) return [];
      if (performance.now() - at < patienceMs) return [];
      this.#pressed.set(key, { at: performance.now(), times: times + 1 });
      return [mood.button === "Reject" ? this.#reject(message) : this.#press(message, mood)];
    });
  }

  /** Made up once, at the first sight of what there is to decide. */
  #mood(message: Message): Mood | undefined {
    const asked = offers(message, "Approve") ? "approval" : "way";
    const key = `${message.channel} ${message.ts} ${asked}`;
    if (!this.#moods.has(key)) this.#moods.set(key, this.#make(message));
    return this.#moods.get(key);
  }

  #make(message: Message): Mood | undefined {
    const dice = this.#random.int(1, 100);
    if (offers(message, "Approve")) {
      if (dice <= 12) return { who: "approver", button: "Reject" };
      if (dice <= 18) return { who: "developer", button: "Cancel" };
      return { who: "approver", button: "Approve" };
    }
    if (dice <= 4) return { who: "developer", button: "Cancel" };
    const button = stops.find((each) => offers(message, each)) ?? "Stop";
    return dice <= 14 ? { who: "developer", button } : undefined;
  }

  async #press(message: Message, { who, button }: Mood): Promise<void> {
    await this.#slack.as(who).click(message, button);
  }

  /** One form at a time: a person looks at one. */
  async #reject(message: Message): Promise<void> {
    if (this.#isRejecting) return;
    this.#isRejecting = true;
    try {
      const person = this.#slack.as("approver");
      const { opened } = await person.click(message, "Reject");
      const view = await opened(modalMs).catch(() => undefined);
      if (view === undefined) return;
      await person.submit(view, { reason: "not today" });
      // Where docc died the form is still there.
      await person.close(view).catch(() => undefined);
    } finally {
      this.#isRejecting = false;
    }
  }
}

function approves(message: Message): Mood | undefined {
  return offers(message, "Approve") ? { who: "approver", button: "Approve" } : undefined;
}
