import type { types, ViewOutput, webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import type { Answer, AnswerFile } from "../commands/answer.ts";
import type { Request } from "../commands/define.ts";
import { answerFor, askedFor, type Invocation, isInvocation } from "../commands/dispatch.ts";
import { paletteWords } from "../commands/palette.ts";
import { DoccError } from "../errors.ts";
import type { Delivery } from "./delivery.ts";
import { type Desk, inTime, notInTime } from "./desk.ts";
import type { Follows } from "./follows.ts";
import type { HomeTab } from "./home.ts";
import type { Actor, Door } from "./identity.ts";
import { withInvitation } from "./invitation.ts";
import { describeError, type Logger } from "./logger.ts";
import { Memory } from "./memory.ts";
import type { Message } from "./message.ts";
import { answerInModal, showInModal } from "./modal.ts";
import { isAboutEntry, paletteErrors, readPalette } from "./palette-state.ts";
import { type FormErrors, formErrors, readSubmission, type Submission } from "./submission.ts";
import type { Uploads } from "./uploads.ts";
import { aboutRelease } from "./views/about-release.ts";
import { answerMessage, hasRoomFor, withoutForms } from "./views/answer.ts";
import { confirmForm } from "./views/confirm-form.ts";
import { deployForm, type DeployWish } from "./views/deploy-form.ts";
import { manifestForm, type FormOptions } from "./views/manifest-form.ts";
import { mentionHelp } from "./views/mention.ts";
import { type PaletteContext, paletteView } from "./views/palette.ts";
import { reasonForm, type ReasonWish } from "./views/reason-form.ts";

export interface IntakeOptions {
  readonly desk: Desk;
  readonly client: webApi.WebClient;
  readonly door: Door;
  readonly uploads: Uploads;
  readonly follows: Follows;
  readonly home: Pick<HomeTab, "show">;
  /** Posts for everybody in a channel, where nobody else reads along. */
  readonly post: (channel: string, message: Message) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1); makes reference ids. */
  readonly random: () => number;
}

/** The form to open, but for what the intake knows itself. */
export type FormAsk = Omit<FormOptions, "environments">;

/** `Answer.form` as it also comes back from a button. */
interface FormWish {
  readonly command: "deploy" | "validate";
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
  readonly words?: string | undefined;
}

/** What a form that completes a command comes to. */
interface CompletedForm {
  readonly words: string;
  readonly channel: string | undefined;
}

/** The form as an answer, or the button in one, asks for it. */
export function formAsk(
  { app, command, environment, words }: FormWish,
  channel: string | undefined,
): FormAsk {
  return {
    context: {
      command,
      ...(app === undefined ? {} : { app }),
      ...(channel === undefined ? {} : { channel }),
    },
    ...(environment === undefined ? {} : { environment }),
    ...(words === undefined ? {} : { words }),
  };
}

function askedIn(channel: string | undefined): Pick<Request, "channel"> {
  return channel === undefined ? {} : { channel };
}

/** From a delivery to a command and back to the person. Nothing here throws at Slack. */
export class Intake {
  readonly #options: IntakeOptions;
  /** Deliveries that were answered for everybody. */
  readonly #posted = new Memory<true>(1_000);

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Words as typed after `/docc`, or the command that a button stands for. */
  words(delivery: Delivery, words: string): Promise<void> {
    return this.#guard(delivery, async () => {
      const { channel } = delivery.turn.hearer;
      const reject = (answer: Answer) => this.#answer(delivery, answer);
      return this.#understand(delivery, words, askedIn(channel), reject);
    });
  }

  /** Opens the palette, in which a command is put together. */
  palette(delivery: Delivery, context: PaletteContext): Promise<void> {
    return this.#guard(delivery, async () => {
      await delivery.turn.ack();
      await this.#admit(delivery, context.channel, this.#options.desk.meant("help"));
      await this.#showPalette(delivery, context);
    });
  }

  /** Offers to look closer at a release, by its name; opens the palette where there is none. */
  about(delivery: Delivery, release: string | undefined, context: PaletteContext): Promise<void> {
    return this.#guard(delivery, async () => {
      const { desk } = this.#options;
      await delivery.turn.ack();
      await this.#admit(delivery, context.channel, desk.meant("help"));
      const found = release === undefined ? undefined : desk.about(release);
      if (found === undefined) return this.#showPalette(delivery, context);
      return this.#show(delivery, aboutRelease(found));
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
      const command = this.#options.desk.palette.commands.find((each) => each.name === name);
      const reject = async (answer: Answer): Promise<void> => {
        const errors = () => refuse(paletteErrors(answer, command, view));
        const shown = isAboutEntry(answer) && (await delivery.turn.ackBy(errors));
        if (!shown) await this.#answer(delivery, answer);
      };
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
      await this.#open(delivery, wish);
    });
  }

  /** Opens the form that asks for a command's reason. */
  reason(delivery: Delivery, wish: () => ReasonWish): Promise<void> {
    return this.#guard(delivery, async () => {
      await delivery.turn.ack();
      const asked = wish();
      const { channel } = delivery.turn.hearer;
      await this.#admit(delivery, channel, this.#options.desk.meant(asked.words));
      await this.#show(delivery, reasonForm(asked, channel));
    });
  }

  /** Opens the form that asks what an app is to run. */
  deploy(delivery: Delivery, wish: () => DeployWish): Promise<void> {
    return this.#guard(delivery, async () => {
      await delivery.turn.ack();
      const asked = wish();
      const { channel } = delivery.turn.hearer;
      await this.#admit(delivery, channel, { command: "deploy", ...asked });
      await this.#show(delivery, deployForm(asked, channel));
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
      const reject = (answer: Answer) => this.#reject(delivery, answer, read, refuse);
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
      const reject = async (answer: Answer): Promise<void> => {
        const shown = await delivery.turn.ackBy(() => refuse(form.errors(answer)));
        if (!shown) await this.#answer(delivery, answer);
      };
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
    if (invocation.command.answers === "later") {
      await delivery.turn.ack();
      const { answer, isModalSpent } = await this.#askLater(delivery, invocation, more);
      if (answer === undefined) return undefined;
      return this.#answer(isModalSpent ? { ...delivery, atHome: false } : delivery, answer);
    }
    const asked = this.#ask(delivery, invocation, more);
    const outcome = await inTime(this.#options.clock, asked);
    if (!outcome.inTime) {
      await reject(notInTime);
      return this.#answer(delivery, await outcome.later);
    }
    const { answer } = outcome;
    return answer.reason === undefined ? this.#answer(delivery, answer) : reject(answer);
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
      const answer = this.#excuse(error, actor);
      this.#refused(delivery, more.channel, askedFor(invocation), answer);
      return answer;
    }
  }

  /** Lets a person open a form, or records that they may not. */
  async #admit(
    delivery: Delivery,
    channel: string | undefined,
    asked: ReturnType<Desk["meant"]>,
  ): Promise<void> {
    try {
      await this.#options.door.admit(delivery.actor);
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

  async #answer(delivery: Delivery, answer: Answer): Promise<void> {
    const { form, confirm, follow } = answer;
    const { channel } = delivery.turn.hearer;
    if (follow !== undefined) {
      return delivery.turn.say(answerMessage(await this.#follow(delivery, answer, follow)));
    }
    if (delivery.trigger === undefined) {
      return delivery.turn.say(await this.#told(delivery, withoutForms(answer)));
    }
    if (confirm !== undefined) {
      return this.#show(delivery, confirmForm(answer, confirm, channel));
    }
    if (form?.open !== true) {
      if (await this.#shownAtHome(delivery, answer)) return undefined;
      return delivery.turn.say(await this.#told(delivery, answer));
    }
    await this.#open(delivery, formAsk(form, channel));
  }

  /** Begins or ends what goes on, and says where to look. */
  async #follow(
    { actor, id, message }: Delivery,
    answer: Answer,
    follow: NonNullable<Answer["follow"]>,
  ): Promise<Answer> {
    const { desk, door, follows } = this.#options;
    const { user } = actor;
    if (follow === "stop") return follows.stop(user, message);
    const invocation = desk.understand(follow.words);
    if (!isInvocation(invocation)) return invocation;
    const request = { delivery: id, requester: await door.admit(actor) };
    const [word, app] = follow.words.split(" ", 2);
    const stop = `${word ?? ""} ${app ?? ""} follow=stop`;
    return follows.start({ user, invocation, request, stop }, answer);
  }

  /** Shows an answer over the page on which its button was pressed; false where no modal can be opened. */
  async #shownAtHome(delivery: Delivery, answer: Answer): Promise<boolean> {
    const { turn, trigger, pressed, atHome } = delivery;
    if (atHome !== true || trigger === undefined || pressed !== true) return false;
    await turn.ack();
    return showInModal(this.#options, { trigger, title: "docc" }, answer);
  }

  /** Posts and sends what goes elsewhere, and says what came of it. */
  async #told({ turn, actor, id }: Delivery, answer: Answer): Promise<Message> {
    const { post, snippet } = answer;
    const { channel } = turn.hearer;
    if (post !== undefined) {
      if (channel === undefined) {
        throw new DoccError("bad-input", "There is no channel to post that in.");
      }
      await turn.ack();
      // Slack may deliver a click twice; to say something twice to everybody is worse than a loss.
      if (this.#posted.recall(id, 0) === undefined) {
        this.#posted.keep(id, true, Infinity);
        await this.#options.post(channel, answerMessage(post));
      }
    }
    if (snippet?.file === undefined || hasRoomFor(snippet.text)) return answerMessage(answer);
    const lines = [...(answer.lines ?? []), await this.#sent(actor.user, snippet.file)];
    return answerMessage({ ...answer, lines });
  }

  /** Sends a file to a person alone. @returns what came of it */
  async #sent(user: string, file: AnswerFile): Promise<string> {
    try {
      await this.#options.uploads.send(user, file);
      return "All of it is in a file in your direct messages with docc.";
    } catch (error) {
      const { text, lines = [] } = this.#excuse(error, { user, teams: [], enterprises: [] });
      return ["Here is what fits.", text, ...lines].join(" ");
    }
  }

  async #reject(
    delivery: Delivery,
    answer: Answer,
    submission: Submission,
    refuse: (errors: FormErrors) => Promise<void>,
  ): Promise<void> {
    const shown = await delivery.turn.ackBy(() => refuse(formErrors(answer, submission)));
    if (!shown) await this.#answer(delivery, answer);
  }

  #open(delivery: Delivery, ask: FormAsk): Promise<void> {
    const { environments } = this.#options.desk;
    return this.#show(delivery, manifestForm({ ...ask, environments }));
  }

  #showPalette(delivery: Delivery, context: PaletteContext): Promise<void> {
    const state = { context, values: {} };
    return this.#show(delivery, paletteView({ ...this.#options.desk.palette, state }));
  }

  /** Acknowledges, and shows the form: in the place of the one that was submitted, where there is one still. */
  async #show({ replace, trigger, turn }: Delivery, view: types.ModalView): Promise<void> {
    if (replace !== undefined && (await turn.ackBy(() => replace(view)))) return;
    await turn.ack();
    try {
      await this.#options.client.views.open({ trigger_id: trigger ?? "", view });
    } catch (cause) {
      throw new DoccError("unavailable", "Slack did not open the form in time. Please try again.", {
        cause,
      });
    }
  }

  /** A refusal becomes its sentence; a bug becomes a sentence with a reference into the log. */
  async #guard({ turn, actor }: Delivery, work: () => Promise<void>): Promise<void> {
    try {
      await this.#options.desk.track(work());
    } catch (error) {
      await turn.say(answerMessage(this.#excuse(error, actor)));
    }
  }

  #excuse(error: unknown, { user }: Actor): Answer {
    const { logger, random } = this.#options;
    if (error instanceof DoccError) {
      logger.info({ user, reason: error.reason }, "a request was refused");
      return answerFor(error);
    }
    const reference = Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
    logger.error({ ...describeError(error), reference, user }, "a request failed");
    return {
      text: `docc made a mistake, reference ${reference}. Its operators find the cause in the log.`,
      reason: "internal",
    };
  }
}

/** Of a modal with the answer: `Status`, `Approve`. */
function titleOf({ command: { name } }: Invocation): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
