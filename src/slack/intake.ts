import type { types, ViewOutput, webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import type { Answer, AnswerFile } from "../commands/answer.ts";
import type { Request } from "../commands/define.ts";
import { answerFor, askedFor, type Invocation, isInvocation } from "../commands/dispatch.ts";
import type { Address } from "../controller/messenger.ts";
import { DoccError } from "../errors.ts";
import { type Desk, inTime, notInTime } from "./desk.ts";
import type { Follows } from "./follows.ts";
import type { Actor, Door } from "./identity.ts";
import { describeError, type Logger } from "./logger.ts";
import { Memory } from "./memory.ts";
import type { Message } from "./message.ts";
import { answerInModal } from "./modal.ts";
import { type FormErrors, formErrors, readSubmission, type Submission } from "./submission.ts";
import type { Turn } from "./turn.ts";
import type { Uploads } from "./uploads.ts";
import { answerMessage, hasRoomFor } from "./views/answer.ts";
import { confirmErrors, confirmForm, readConfirmation } from "./views/confirm-form.ts";
import { manifestForm, type FormOptions } from "./views/manifest-form.ts";
import { reasonForm, type ReasonWish } from "./views/reason-form.ts";

export interface IntakeOptions {
  readonly desk: Desk;
  readonly client: webApi.WebClient;
  readonly door: Door;
  readonly uploads: Uploads;
  readonly follows: Follows;
  /** Posts for everybody in a channel, where nobody else reads along. */
  readonly post: (channel: string, message: Message) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1); makes reference ids. */
  readonly random: () => number;
}

/** What a person did, free of Bolt: who, where to answer, and the ids that Slack gave it. */
export interface Delivery {
  readonly actor: Actor;
  readonly turn: Turn;
  /** Stable id of the delivery with its kind as prefix: the same delivery twice has the same. */
  readonly id: string;
  /** Opens one modal within 3 seconds; a submitted form has none. */
  readonly trigger?: string;
  /** True for a pressed button, which may open a modal for its answer. */
  readonly pressed?: boolean;
  /** The message with the button that was pressed. */
  readonly message?: Address;
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
      const { desk } = this.#options;
      const understood = desk.understand(words);
      const { channel } = delivery.turn.hearer;
      if (!isInvocation(understood)) {
        this.#refused(delivery, channel, desk.meant(words), understood);
        return this.#answer(delivery, understood);
      }
      const reject = (answer: Answer) => this.#answer(delivery, answer);
      return this.#run(delivery, understood, channel === undefined ? {} : { channel }, reject);
    });
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
      const { desk } = this.#options;
      const understood = desk.understand(read.words);
      const { channel, manifest } = read;
      if (!isInvocation(understood)) {
        this.#refused(delivery, channel, desk.meant(read.words), understood);
        return reject(understood);
      }
      const more = { manifest, ...(channel === undefined ? {} : { channel }) };
      return this.#run(delivery, understood, more, reject);
    });
  }

  /** A submitted form in which a name was typed: the command with what was typed; what is wrong stands under it. */
  confirmation(
    delivery: Delivery,
    view: ViewOutput,
    refuse: (errors: FormErrors) => Promise<void>,
  ): Promise<void> {
    return this.#guard(delivery, async () => {
      const { words, channel } = readConfirmation(view);
      const reject = async (answer: Answer): Promise<void> => {
        const shown = await delivery.turn.ackBy(() => refuse(confirmErrors(answer)));
        if (!shown) await this.#answer(delivery, answer);
      };
      const understood = this.#options.desk.understand(words);
      if (!isInvocation(understood)) {
        this.#refused(delivery, channel, this.#options.desk.meant(words), understood);
        return reject(understood);
      }
      return this.#run(delivery, understood, channel === undefined ? {} : { channel }, reject);
    });
  }

  /** Runs a command; what must be stored is stored before it is acknowledged. */
  async #run(
    delivery: Delivery,
    invocation: Invocation,
    more: Pick<Request, "channel" | "manifest">,
    reject: (answer: Answer) => Promise<void>,
  ): Promise<void> {
    if (invocation.command.answers === "later") {
      await delivery.turn.ack();
      const answer = await this.#askLater(delivery, invocation, more);
      return answer === undefined ? undefined : this.#answer(delivery, answer);
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

  /** The answer of a command that may take its time; undefined when a modal has shown it. */
  async #askLater(
    delivery: Delivery,
    invocation: Invocation,
    more: Pick<Request, "channel" | "manifest">,
  ): Promise<Answer | undefined> {
    const ask = () => this.#ask(delivery, invocation, more);
    const { pressed, trigger } = delivery;
    const title = invocation.command.modal;
    return title === undefined || trigger === undefined || pressed !== true
      ? ask()
      : answerInModal(this.#options, { trigger, title }, ask);
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
      return await desk.ask(invocation, { delivery: id, requester, ...more });
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
    if (follow !== undefined) {
      return delivery.turn.say(answerMessage(await this.#follow(delivery, answer, follow)));
    }
    if (confirm !== undefined) {
      await delivery.turn.ack();
      return this.#show(delivery, confirmForm(answer, confirm, delivery.turn.hearer.channel));
    }
    if (form?.open !== true) return delivery.turn.say(await this.#told(delivery, answer));
    await delivery.turn.ack();
    await this.#open(delivery, formAsk(form, delivery.turn.hearer.channel));
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

  async #show({ trigger }: Delivery, view: types.ModalView): Promise<void> {
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
