import type {
  AckFn,
  App,
  BlockAction,
  ButtonAction,
  GlobalShortcut,
  MessageShortcut,
  RespondArguments,
  RespondFn,
  ViewSubmitAction,
} from "@slack/bolt";
import { z } from "zod";
import { typed } from "./escape.ts";
import { type Delivery, type FormAsk, formAsk, type Intake } from "./intake.ts";
import type { Logger } from "./logger.ts";
import { type FoundManifest, manifestIn } from "./message-manifest.ts";
import type { Message } from "./message.ts";
import type { Hearer, Tell } from "./tell.ts";
import { channelOf } from "./submission.ts";
import { Turn } from "./turn.ts";
import { openFormAction } from "./views/answer.ts";
import { confirmCallback, readConfirmation } from "./views/confirm-form.ts";
import { formCallback } from "./views/manifest-form.ts";
import {
  openReasonAction,
  readReason,
  readReasonWish,
  reasonCallback,
} from "./views/reason-form.ts";

/** The one slash command; app-manifest.yml declares it. */
export const slashCommand = "/docc";
/** Callback ids of the shortcuts in app-manifest.yml. */
export const shortcuts = { message: "docc_deploy_message", global: "docc_deploy_global" } as const;
/** Buttons that stand for a typed command: their value is its words. */
const commandAction = /^command:/;
const linkAction = /^link:/;

export interface ListenerOptions {
  readonly intake: Intake;
  readonly tell: Tell;
  readonly logger: Logger;
}

/** Registers every listener: each turns Bolt's payload into a Delivery and hands it to the intake. */
export function listen(app: App, { intake, tell, logger }: ListenerOptions): void {
  const turn = (
    hearer: Hearer,
    ack: (message?: Message) => Promise<void>,
    acksInWords = false,
  ): Turn => new Turn({ hearer, ack, acksInWords, tell, logger });

  app.command(slashCommand, async ({ ack, command, respond }) => {
    const hearer = { user: command.user_id, channel: command.channel_id, respond };
    await intake.words(
      {
        actor: {
          user: command.user_id,
          teams: [command.team_id],
          enterprises: [command.enterprise_id],
        },
        turn: turn(hearer, ackInWords(ack), true),
        id: `command:${command.trigger_id}`,
        trigger: command.trigger_id,
      },
      typed(command.text),
    );
  });

  app.action<BlockAction<ButtonAction>>(commandAction, async ({ ack, action, body, respond }) => {
    await intake.words(
      clicked(
        body,
        turn(hearerOf(body, respond), () => ack()),
      ),
      action.value ?? "",
    );
  });

  app.action<BlockAction<ButtonAction>>(openFormAction, async ({ ack, action, body, respond }) => {
    const delivery = clicked(
      body,
      turn(hearerOf(body, respond), () => ack()),
    );
    await intake.form(delivery, () =>
      formAsk(buttonSchema.parse(JSON.parse(action.value ?? "")), body.channel?.id),
    );
  });

  app.action<BlockAction<ButtonAction>>(
    openReasonAction,
    async ({ ack, action, body, respond }) => {
      const delivery = clicked(
        body,
        turn(hearerOf(body, respond), () => ack()),
      );
      await intake.reason(delivery, () => readReasonWish(action.value ?? ""));
    },
  );

  // Slack tells of a click on a link as well, and waits for an answer.
  app.action(linkAction, async ({ ack }) => ack());

  app.view<ViewSubmitAction>(reasonCallback, async ({ ack, body, view }) => {
    const { words, channel } = readReason(view);
    const hearer = { user: body.user.id, ...(channel === undefined ? {} : { channel }) };
    const delivery: Delivery = {
      actor: actorOf(body),
      turn: turn(hearer, () => ack()),
      id: `view:${view.id}`,
    };
    await intake.words(delivery, words);
  });

  app.view<ViewSubmitAction>(confirmCallback, async ({ ack, body, view }) => {
    const { channel } = readConfirmation(view);
    const hearer = { user: body.user.id, ...(channel === undefined ? {} : { channel }) };
    const delivery: Delivery = {
      actor: actorOf(body),
      turn: turn(hearer, () => ack()),
      id: `view:${view.id}`,
    };
    await intake.confirmation(delivery, view, (errors) =>
      ack({ response_action: "errors", errors }),
    );
  });

  app.shortcut<MessageShortcut>(
    { callback_id: shortcuts.message, type: "message_action" },
    async ({ ack, shortcut, respond }) => {
      const delivery = clicked(
        shortcut,
        turn(hearerOf(shortcut, respond), () => ack()),
      );
      await intake.form(delivery, () =>
        formOfMessage(manifestIn(shortcut.message), shortcut.channel.id),
      );
    },
  );

  app.shortcut<GlobalShortcut>(
    { callback_id: shortcuts.global, type: "shortcut" },
    async ({ ack, shortcut }) => {
      const delivery = clicked(
        shortcut,
        turn({ user: shortcut.user.id }, () => ack()),
      );
      await intake.form(delivery, () => ({ context: { command: "deploy" } }));
    },
  );

  app.view<ViewSubmitAction>(formCallback, async ({ ack, body, view }) => {
    const channel = channelOf(view);
    const hearer = { user: body.user.id, ...(channel === undefined ? {} : { channel }) };
    const delivery: Delivery = {
      actor: actorOf(body),
      turn: turn(hearer, () => ack()),
      id: `view:${view.id}`,
    };
    await intake.submission(delivery, view, (errors) => ack({ response_action: "errors", errors }));
  });
}

function ackInWords(ack: AckFn<string | RespondArguments>): (message?: Message) => Promise<void> {
  return async (message) => {
    if (message === undefined) return ack();
    const { text, blocks } = message;
    return ack({ response_type: "ephemeral", text, blocks: [...blocks] });
  };
}

/** The parts that payloads of clicks and shortcuts share. */
interface Click {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team: { readonly id: string } | null;
  readonly enterprise?: { readonly id: string } | null | undefined;
  readonly trigger_id: string;
  readonly type: string;
  readonly channel?: { readonly id: string };
  readonly message?: { readonly ts?: string };
}

function clicked(body: Click, turn: Turn): Delivery {
  const pressed = body.type === "block_actions";
  const id = `${pressed ? "action" : "shortcut"}:${body.trigger_id}`;
  const { channel, message } = body;
  const isShown = pressed && channel !== undefined && message?.ts !== undefined;
  const where = isShown ? { message: { channel: channel.id, ts: message.ts } } : {};
  return { actor: actorOf(body), turn, id, trigger: body.trigger_id, pressed, ...where };
}

function actorOf({
  user,
  team,
  enterprise,
}: Pick<Click, "user" | "team" | "enterprise">): Delivery["actor"] {
  return { user: user.id, teams: [team?.id, user.team_id], enterprises: [enterprise?.id] };
}

function hearerOf(
  body: { readonly user: { readonly id: string }; readonly channel?: { readonly id: string } },
  respond: RespondFn,
): Hearer {
  const { user, channel } = body;
  return { user: user.id, respond, ...(channel === undefined ? {} : { channel: channel.id }) };
}

const buttonSchema = z.object({
  command: z.enum(["deploy", "validate"]),
  app: z.string().optional(),
  environment: z.string().optional(),
  words: z.string().optional(),
});

function formOfMessage(found: FoundManifest | undefined, channel: string): FormAsk {
  const context = { command: "deploy", channel } as const;
  switch (found?.type) {
    case "file":
      return { context: { ...context, file: { id: found.id, name: found.name } } };
    case "text":
      return { context, text: found.text };
    case "too-long":
      return {
        context,
        note: "The manifest in this message is too long for this form. Give it as a file.",
      };
    case undefined:
      return { context, note: "docc found no manifest in this message. Give it here." };
  }
}
