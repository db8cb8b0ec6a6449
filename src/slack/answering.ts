import type { types, webApi } from "@slack/bolt";
import type { Answer, AnswerFile } from "../commands/answer.ts";
import { answerFor, isInvocation } from "../commands/dispatch.ts";
import { DoccError } from "../errors.ts";
import type { Identity } from "../release/release.ts";
import { oneLine } from "../text/clean.ts";
import type { Delivery } from "./delivery.ts";
import type { Desk } from "./desk.ts";
import type { Follows } from "./follows.ts";
import type { Actor, Door } from "./identity.ts";
import { describeError, type Logger } from "./logger.ts";
import { Memory } from "./memory.ts";
import type { Message } from "./message.ts";
import { showInModal } from "./modal.ts";
import type { Uploads } from "./uploads.ts";
import { answerMessage, hasRoomFor, withoutForms } from "./views/answer.ts";
import { confirmForm } from "./views/confirm-form.ts";
import { type FormOptions, manifestForm } from "./views/manifest-form.ts";
import { type PaletteContext, paletteView } from "./views/palette.ts";
import { questionsForm } from "./views/questions-form.ts";

export interface AnsweringOptions {
  readonly desk: Desk;
  readonly client: webApi.WebClient;
  readonly door: Door;
  readonly uploads: Uploads;
  readonly follows: Follows;
  /** Posts for everybody in a channel, where nobody else reads along. */
  readonly post: (channel: string, message: Message) => Promise<void>;
  readonly logger: Logger;
  /** In [0, 1); makes reference ids. */
  readonly random: () => number;
}

/** The form to open, but for what the desk knows itself. */
export type FormAsk = Omit<FormOptions, "environments">;

/** `Answer.form` as it also comes back from a button. */
interface FormWish {
  readonly command: "deploy" | "validate";
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
  readonly words?: string | undefined;
  readonly text?: string | undefined;
}

/** The form as an answer, or the button in one, asks for it. */
export function formAsk(
  { app, command, environment, text, words }: FormWish,
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
    ...(text === undefined ? {} : { text }),
  };
}

/** From a command's answer back to the person. */
export class Answering {
  readonly #options: AnsweringOptions;
  /** Deliveries that were answered for everybody. */
  readonly #posted = new Memory<true>(1_000);

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** Answers: in words, by a form, over the page where it was asked, or where it goes on. */
  async answer(delivery: Delivery, answer: Answer): Promise<void> {
    const { ask, form, confirm, follow, palette } = answer;
    const { channel } = delivery.turn.hearer;
    if (follow !== undefined) {
      return delivery.turn.say(answerMessage(await this.#follow(delivery, answer, follow)));
    }
    if (delivery.trigger === undefined) {
      return delivery.turn.say(await this.#told(delivery, withoutForms(answer)));
    }
    if (confirm !== undefined) {
      return this.show(delivery, confirmForm(answer, confirm, channel));
    }
    if (palette === true) {
      const requester = await this.#options.door.admit(delivery.actor);
      return this.palette(delivery, { channel, respond: delivery.address }, requester);
    }
    if (ask !== undefined) return this.show(delivery, questionsForm(answer, ask, channel));
    if (form?.open !== true) {
      if (await this.#shownAtHome(delivery, answer)) return undefined;
      return delivery.turn.say(await this.#told(delivery, answer));
    }
    await this.open(delivery, formAsk(form, channel));
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
    const { words, stop } = follow;
    const invocation = desk.understand(words);
    if (!isInvocation(invocation)) return invocation;
    const request = { delivery: id, requester: await door.admit(actor) };
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
    const { post, snippet: { file, text = "" } = {} } = answer;
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
    const isWhole = hasRoomFor(text);
    if (file === undefined || (isWhole && file.isWanted !== true)) return answerMessage(answer);
    // Three calls to Slack take longer than an acknowledgement may.
    await turn.ack();
    const lines = [...(answer.lines ?? []), await this.#sent(actor.user, file, isWhole)];
    return answerMessage({ ...answer, lines });
  }

  /**
   * Sends a file to a person alone.
   * @param isWhole the answer shows all of it as well
   * @returns what came of it
   */
  async #sent(user: string, file: AnswerFile, isWhole: boolean): Promise<string> {
    try {
      await this.#options.uploads.send(user, file);
      return isWhole
        ? `${oneLine(file.name)} is in your direct messages with docc.`
        : "All of it is in a file in your direct messages with docc.";
    } catch (error) {
      const { text, lines = [] } = this.excuse(error, { user, teams: [], enterprises: [] });
      const shown = isWhole ? "Copy it from here." : "Here is what fits.";
      return [shown, text, ...lines].join(" ");
    }
  }

  /** Has an answer shown under the inputs of what was submitted; told in words where that cannot be any more. */
  async reject(delivery: Delivery, answer: Answer, refuse: () => Promise<void>): Promise<void> {
    const shown = await delivery.turn.ackBy(refuse);
    if (!shown) await this.answer(delivery, answer);
  }

  /** Opens the palette, empty. */
  palette(delivery: Delivery, context: PaletteContext, requester: Identity): Promise<void> {
    const palette = this.#options.desk.palette({ requester, channel: context.channel });
    return this.show(delivery, paletteView({ ...palette, state: { context, values: {} } }));
  }

  /** Opens the manifest form. */
  open(delivery: Delivery, ask: FormAsk): Promise<void> {
    const { environments } = this.#options.desk;
    return this.show(delivery, manifestForm({ ...ask, environments }));
  }

  /** Acknowledges, and shows the form: in the place of the one that was submitted, where there is one still. */
  async show({ replace, trigger, turn }: Delivery, view: types.ModalView): Promise<void> {
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

  /** A refusal as its sentence; a bug as a sentence with a reference into the log. */
  excuse(error: unknown, { user }: Actor): Answer {
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
