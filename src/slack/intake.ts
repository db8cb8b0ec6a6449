import type { ViewOutput } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import type { Answer } from "../commands/answer.ts";
import type { Request } from "../commands/define.ts";
import {
  answerFor,
  answersLater,
  askedFor,
  type Invocation,
  isInvocation,
} from "../commands/dispatch.ts";
import { paletteWords } from "../commands/palette.ts";
import type { Asker } from "../release/request.ts";
import { Answering, type AnsweringOptions, type FormAsk } from "./answering.ts";
import type { Delivery } from "./delivery.ts";
import { type Desk, inTime, notInTime } from "./desk.ts";
import type { HomeTab } from "./home.ts";
import type { Actor } from "./identity.ts";
import { withInvitation } from "./invitation.ts";
import { answerInModal } from "./modal.ts";
import { isAboutEntry, paletteErrors, readPalette } from "./palette-state.ts";
import { type FormErrors, formErrors, readSubmission } from "./submission.ts";
import { aboutRelease } from "./views/about-release.ts";
import { answerMessage } from "./views/answer.ts";
import { deployForm, type DeployWish } from "./views/deploy-form.ts";
import { mentionHelp } from "./views/mention.ts";
import type { PaletteContext } from "./views/palette.ts";
import { reasonForm, type ReasonWish } from "./views/reason-form.ts";

export interface IntakeOptions extends AnsweringOptions {
  readonly home: Pick<HomeTab, "show">;
  readonly clock: Clock;
}

/** What a form that completes a command comes to. */
interface CompletedForm {
  readonly words: string;
  readonly channel: string | undefined;
}

function askedIn(channel: string | undefined): Pick<Request, "channel"> {
  return channel === undefined ? {} : { channel };
}

/** From a delivery to a command and back to the person. Nothing here throws at Slack. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #answering: Answering;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#answering = new Answering(options);
  }

  /** Words as typed after `/docc`, or the command that a button stands for. */
  words(delivery: Delivery, words: string): Promise<void> {
    return this.#guard(delivery, async () => {
      const { channel } = delivery.turn.hearer;
      const reject = (answer: Answer) => this.#answering.answer(delivery, answer);
      return this.#understand(delivery, words, askedIn(channel), reject);
    });
  }

  /** Opens the palette, in which a command is put together. */
  palette(delivery: Delivery, context: PaletteContext): Promise<void> {
    return this.#guard(delivery, async () => {
      await delivery.turn.ack();
      const asker = await this.#admit(delivery, context.channel, this.#options.desk.meant("help"));
      await this.#answering.palette(delivery, context, asker.requester);
    });
  }

  /** Offers to look closer at a release, by its name; opens the palette where there is none. */
  about(delivery: Delivery, release: string | undefined, context: PaletteContext): Promise<void> {
    return this.#guard(delivery, async () => {
      const { desk } = this.#options;
      await delivery.turn.ack();
      const asker = await this.#admit(delivery, context.channel, desk.meant("help"));
      const found = release === undefined ? undefined : desk.about(release);
      if (found === undefined) {
        return this.#answering.palette(delivery, context, asker.requester);
      }
      return this.#answering.show(delivery, aboutRelease(found));
    });
  }

  /** Says how to ask, to who has called docc by its name alone. */
  explain(delivery: Delivery): Promise<void> {
    return this.#guard(delivery, async () => {
      const { desk } = this.#options;
      await this.#admit(delivery, delivery.turn.hearer.channel, desk.meant("help"));
      await delivery.turn.say(mentionHelp());
    });
  }

  /** A submitted palette: the command as it would have been typed; what is wrong stands under its input. */
  chosen(
    delivery: Delivery,
    view: ViewOutput,
    refuse: (errors: FormErrors) => Promise<void>,
  ): Promise<void> {
    return this.#guard(delivery, async () => {
      const { context, command: name, values, words } = readPalette(view);
      const command = this.#options.desk.named(name);
      const reject = (answer: Answer) =>
        isAboutEntry(answer)
          ? this.#answering.reject(delivery, answer, () =>
              refuse(paletteErrors(answer, command, view)),
            )
          : this.#answering.answer(delivery, answer);
      if (command === undefined) return reject({ text: "Choose a command.", reason: "bad-input" });
      const typed = paletteWords(command, values, words);
      if (typeof typed !== "string") return reject({ text: typed.problem, reason: "bad-input" });
      const { channel } = context;
      return this.#understand(delivery, typed, askedIn(channel), reject);
    });
  }

  /** The App Home of who opened it, or wants it anew. */
  home(actor: Actor): Promise<void> {
    return this.#options.desk.track(this.#options.home.show(actor));
  }

  /** Opens the manifest form at once. */
  form(delivery: Delivery, ask: () => FormAsk): Promise<void> {
    return this.#guard(delivery, async () => {
      await delivery.turn.ack();
      const wish = ask();
      const { channel, command } = wish.context;
      await this.#admit(delivery, channel, { command });
      await this.#answering.open(delivery, wish);
    });
  }

  /** Opens the form that asks for a command's reason. */
  reason(delivery: Delivery, wish: () => ReasonWish): Promise<void> {
    return this.#guard(delivery, async () => {
      await delivery.turn.ack();
      const asked = wish();
      const { channel } = delivery.turn.hearer;
      await this.#admit(delivery, channel, this.#options.desk.meant(asked.words));
      await this.#answering.show(delivery, reasonForm(asked, channel));
    });
  }

  /** Opens the form that asks what an app is to run. */
  deploy(delivery: Delivery, wish: () => DeployWish): Promise<void> {
    return this.#guard(delivery, async () => {
      await delivery.turn.ack();
      const asked = wish();
      const { channel } = delivery.turn.hearer;
      await this.#admit(delivery, channel, { command: "deploy", ...asked });
      await this.#answering.show(delivery, deployForm(asked, channel));
    });
  }

  /** A submitted manifest form: a command already typed, with a manifest. */
  submission(
    delivery: Delivery,
    view: ViewOutput,
    refuse: (errors: FormErrors) => Promise<void>,
  ): Promise<void> {
    return this.#guard(delivery, async () => {
      const read = readSubmission(view);
      if ("errors" in read) return void (await delivery.turn.ackBy(() => refuse(read.errors)));
      const reject = (answer: Answer) =>
        this.#answering.reject(delivery, answer, () => refuse(formErrors(answer, read)));
      const { channel, manifest } = read;
      const more = { manifest, ...askedIn(channel) };
      return this.#understand(delivery, read.words, more, reject);
    });
  }

  /** A submitted form that completes a command: the command as typed; what is wrong stands under its input. */
  completed(
    delivery: Delivery,
    form: {
      readonly read: () => CompletedForm | { readonly errors: FormErrors };
      readonly errors: (answer: Answer) => FormErrors;
    },
    refuse: (errors: FormErrors) => Promise<void>,
  ): Promise<void> {
    return this.#guard(delivery, async () => {
      const read = form.read();
      if ("errors" in read) return void (await delivery.turn.ackBy(() => refuse(read.errors)));
      const { words, channel } = read;
      const reject = (answer: Answer) =>
        this.#answering.reject(delivery, answer, () => refuse(form.errors(answer)));
      return this.#understand(delivery, words, askedIn(channel), reject);
    });
  }

  /** Runs the words as a command, or has them rejected. */
  #understand(
    delivery: Delivery,
    words: string,
    more: Pick<Request, "channel" | "manifest">,
    reject: (answer: Answer) => Promise<void>,
  ): Promise<void> {
    const { desk } = this.#options;
    const understood = desk.understand(words);
    if (isInvocation(understood)) return this.#run(delivery, understood, more, reject);
    this.#refused(delivery, more.channel, desk.meant(words), understood);
    return reject(understood);
  }

  /** Runs a command, and brings the page up to date on which it was asked for. */
  async #run(
    delivery: Delivery,
    invocation: Invocation,
    more: Pick<Request, "channel" | "manifest">,
    reject: (answer: Answer) => Promise<void>,
  ): Promise<void> {
    await this.#runAndAnswer(delivery, invocation, more, reject);
    // Whoever only looked has changed nothing.
    if (delivery.atHome !== true || invocation.command.needs !== "deploy") return;
    await this.#options.home.show(delivery.actor, { isGlance: true });
  }

  /** Runs a command; what must be stored is stored before it is acknowledged. */
  async #runAndAnswer(
    delivery: Delivery,
    invocation: Invocation,
    more: Pick<Request, "channel" | "manifest">,
    reject: (answer: Answer) => Promise<void>,
  ): Promise<void> {
    if (answersLater(invocation)) {
      await delivery.turn.ack();
      const { answer, isModalSpent } = await this.#askLater(delivery, invocation, more);
      if (answer === undefined) return undefined;
      return this.#answering.answer(
        isModalSpent ? { ...delivery, atHome: false } : delivery,
        answer,
      );
    }
    const asked = this.#ask(delivery, invocation, more);
    const outcome = await inTime(this.#options.clock, asked);
    if (!outcome.inTime) {
      await reject(notInTime);
      return this.#answering.answer(delivery, await outcome.later);
    }
    const { answer } = outcome;
    return answer.reason === undefined ? this.#answering.answer(delivery, answer) : reject(answer);
  }

  /**
   * The answer of a command that may take its time; undefined when a modal has shown it. A press opens one modal, and
   * may have been spent on one that was not filled.
   */
  async #askLater(
    delivery: Delivery,
    invocation: Invocation,
    more: Pick<Request, "channel" | "manifest">,
  ): Promise<{ readonly answer: Answer | undefined; readonly isModalSpent: boolean }> {
    const ask = () => this.#ask(delivery, invocation, more);
    const { atHome = false, inView = false, pressed, trigger } = delivery;
    const { modal, name } = invocation.command;
    const title = modal ?? (inView ? name : atHome ? titleOf(invocation) : undefined);
    if (title === undefined || trigger === undefined || pressed !== true) {
      return { answer: await ask(), isModalSpent: false };
    }
    const answer = await answerInModal(this.#options, { trigger, title, onTop: inView }, ask);
    return { answer, isModalSpent: true };
  }

  /** The command's answer, or why this person gets none; never rejects. */
  async #ask(
    delivery: Delivery,
    invocation: Invocation,
    more: Pick<Request, "channel" | "manifest">,
  ): Promise<Answer> {
    const { desk, door } = this.#options;
    const { actor, id } = delivery;
    try {
      const requester = await door.admit(actor);
      if (invocation.command.needs === "deploy") {
        // Where it was asked, and where it will be told.
        const places = new Set([delivery.turn.hearer.channel, more.channel]);
        await Promise.all([...places].map((place) => door.keepInHouse(place)));
      }
      const answer = await desk.ask(invocation, { delivery: id, requester, ...more });
      const isToldElsewhere = more.channel !== undefined && door.isOutside(more.channel);
      return isToldElsewhere ? withInvitation(answer) : answer;
    } catch (error) {
      const answer = this.#answering.excuse(error, actor);
      this.#refused(delivery, more.channel, askedFor(invocation), answer);
      return answer;
    }
  }

  /** Lets a person open a form, or records that they may not. @returns who asks, and where */
  async #admit(
    delivery: Delivery,
    channel: string | undefined,
    asked: ReturnType<Desk["meant"]>,
  ): Promise<Asker> {
    try {
      return { requester: await this.#options.door.admit(delivery.actor), channel };
    } catch (error) {
      this.#refused(delivery, channel, asked, answerFor(error));
      throw error;
    }
  }

  /** Records what was refused before any command ran. */
  #refused(
    { actor, id }: Delivery,
    channel: string | undefined,
    asked: ReturnType<Desk["meant"]>,
    { reason = "internal" }: Answer,
  ): void {
    this.#options.desk.refused(asked, { actor, channel, delivery: id }, reason);
  }

  /** A refusal becomes its sentence; a bug becomes a sentence with a reference into the log. */
  async #guard({ turn, actor }: Delivery, work: () => Promise<void>): Promise<void> {
    try {
      await this.#options.desk.track(work());
    } catch (error) {
      await turn.say(answerMessage(this.#answering.excuse(error, actor)));
    }
  }
}

/** Of a modal with the answer: `Status`, `Approve`. */
function titleOf({ command: { name } }: Invocation): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
