import type {
  App,
  BlockAction,
  ButtonAction,
  GlobalShortcut,
  MessageShortcut,
  ViewSubmitAction,
  webApi,
} from "@slack/bolt";
import { z } from "zod";
import type { Delivery } from "./delivery.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./escape.ts";
import type { Door, Workspace } from "./identity.ts";
import { type FormAsk, formAsk } from "./answering.ts";
import type { Intake } from "./intake.ts";
import type { Logger } from "./logger.ts";
import { readMark } from "./marks.ts";
import { listenToMentions } from "./mention.ts";
import { type FoundManifest, manifestIn } from "./message-manifest.ts";
import type { Message } from "./message.ts";
import { listenToPalette } from "./palette.ts";
import { ackInWords, actorOf, type Click, clicked, hearerOf } from "./payloads.ts";
import type { Hearer, Tell } from "./tell.ts";
import { channelOf } from "./submission.ts";
import { Turn } from "./turn.ts";
import { openFormAction } from "./views/answer.ts";
import { confirmCallback, confirmErrors, readConfirmation } from "./views/confirm-form.ts";
import {
  deployCallback,
  deployChannelOf,
  deployErrors,
  openDeployAction,
  readDeployForm,
  readDeployWish,
} from "./views/deploy-form.ts";
import { refreshHomeAction } from "./views/home.ts";
import { formCallback } from "./views/manifest-form.ts";
import {
  questionErrors,
  questionsCallback,
  questionsChannelOf,
  readQuestions,
} from "./views/questions-form.ts";
import {
  openReasonAction,
  readReason,
  readReasonWish,
  reasonCallback,
} from "./views/reason-form.ts";

/** The one slash command; app-manifest.yml declares it. */
export const slashCommand = "/docc";
/** The shortcuts in app-manifest.yml, by their callback ids. */
export const shortcuts = {
  deployMessage: { id: "docc_deploy_message", type: "message" },
  askMessage: { id: "docc_ask_message", type: "message" },
  deploy: { id: "docc_deploy_global", type: "global" },
  palette: { id: "docc_palette", type: "global" },
} as const;
/** Somebody looks at their Home; app-manifest.yml subscribes to it. */
export const homeOpened = "app_home_opened";
/** Buttons that stand for a typed command: their value is its words. */
const commandAction = /^command:/;
const linkAction = /^link:/;

export interface ListenerOptions {
  readonly intake: Intake;
  readonly desk: Desk;
  readonly door: Door;
  readonly client: webApi.WebClient;
  readonly tell: Tell;
  readonly logger: Logger;
  readonly workspace: Workspace;
  /** Origin of an emulated Slack on loopback. */
  readonly trustedOrigin: string | undefined;
}

/** Registers every listener: each turns Bolt's payload into a Delivery and hands it to the intake. */
export function listen(app: App, options: ListenerOptions): void {
  const { intake, logger, tell } = options;
  const { botUserId } = options.workspace;
  const turn = (
    hearer: Hearer,
    ack: (message?: Message) => Promise<void>,
    acksInWords = false,
  ): Turn => new Turn({ hearer, ack, acksInWords, tell, logger });

  /** @param channel where the form was opened; a form from nowhere is one of the Home, but for the global shortcut's */
  const submitted = (
    body: Pick<Click, "user" | "team" | "enterprise"> & { readonly view: { readonly id: string } },
    channel: string | undefined,
    ack: () => Promise<void>,
  ): Delivery => ({
    actor: actorOf(body),
    turn: turn({ user: body.user.id, ...(channel === undefined ? {} : { channel }) }, () => ack()),
    id: `view:${body.view.id}`,
    atHome: channel === undefined,
  });

  app.command(slashCommand, async ({ ack, command, respond }) => {
    const { channel_id: channel, response_url: address, user_id: user } = command;
    const delivery: Delivery = {
      actor: { user, teams: [command.team_id], enterprises: [command.enterprise_id] },
      turn: turn({ user, channel, respond }, ackInWords(ack), true),
      id: `command:${command.trigger_id}`,
      trigger: command.trigger_id,
      address,
    };
    const words = typed(command.text);
    await (words.trim() === ""
      ? intake.palette(delivery, { channel, respond: address })
      : intake.words(delivery, words));
  });

  listenToPalette(app, { ...options, shortcut: shortcuts.palette.id, turn });
  listenToMentions(app, { intake, botUserId, turn });

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

  app.action<BlockAction<ButtonAction>>(
    openDeployAction,
    async ({ ack, action, body, respond }) => {
      const delivery = clicked(
        body,
        turn(hearerOf(body, respond), () => ack()),
      );
      await intake.deploy(delivery, () => readDeployWish(action.value ?? ""));
    },
  );

  app.event(homeOpened, async ({ event, body }) => {
    // The messages tab, which Slack tells of as well, has no page.
    if (event.tab !== "home") return;
    const { team_id: team, enterprise_id: enterprise } = body;
    await intake.home({ user: event.user, teams: [team], enterprises: [enterprise] });
  });

  app.action<BlockAction<ButtonAction>>(refreshHomeAction, async ({ ack, body }) => {
    await ack();
    await intake.home(actorOf(body));
  });

  app.view<ViewSubmitAction>(reasonCallback, async ({ ack, body, view }) => {
    const { words, channel } = readReason(view);
    await intake.words(submitted(body, channel, ack), words);
  });

  app.view<ViewSubmitAction>(confirmCallback, async ({ ack, body, view }) => {
    const { channel } = readConfirmation(view);
    await intake.completed(
      submitted(body, channel, ack),
      { read: () => readConfirmation(view), errors: confirmErrors },
      (errors) => ack({ response_action: "errors", errors }),
    );
  });

  app.view<ViewSubmitAction>(deployCallback, async ({ ack, body, view }) => {
    const channel = deployChannelOf(view);
    await intake.completed(
      submitted(body, channel, ack),
      { read: () => readDeployForm(view), errors: deployErrors },
      (errors) => ack({ response_action: "errors", errors }),
    );
  });

  app.view<ViewSubmitAction>(questionsCallback, async ({ ack, body, view }) => {
    await intake.completed(
      submitted(body, questionsChannelOf(view), ack),
      { read: () => readQuestions(view), errors: (answer) => questionErrors(answer, view) },
      (errors) => ack({ response_action: "errors", errors }),
    );
  });

  app.shortcut<MessageShortcut>(
    { callback_id: shortcuts.deployMessage.id, type: "message_action" },
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

  app.shortcut<MessageShortcut>(
    { callback_id: shortcuts.askMessage.id, type: "message_action" },
    async ({ ack, shortcut, respond }) => {
      const hearer = hearerOf(shortcut, respond);
      const delivery = clicked(
        shortcut,
        turn(hearer, () => ack()),
      );
      const { message, response_url: address } = shortcut;
      // Anybody may write a mark; only docc writes as docc.
      const mark = message["user"] === botUserId ? readMark(message["metadata"]) : undefined;
      const context = { channel: hearer.channel, respond: address };
      await intake.about(delivery, mark?.name, context);
    },
  );

  app.shortcut<GlobalShortcut>(
    { callback_id: shortcuts.deploy.id, type: "shortcut" },
    async ({ ack, shortcut }) => {
      const delivery = clicked(
        shortcut,
        turn({ user: shortcut.user.id }, () => ack()),
      );
      await intake.form(delivery, () => ({ context: { command: "deploy" } }));
    },
  );

  app.view<ViewSubmitAction>(formCallback, async ({ ack, body, view }) => {
    const delivery = submitted(body, channelOf(view), ack);
    await intake.submission(delivery, view, (errors) => ack({ response_action: "errors", errors }));
  });
}

const buttonSchema = z.object({
  command: z.enum(["deploy", "validate"]),
  app: z.string().optional(),
  environment: z.string().optional(),
  words: z.string().optional(),
  text: z.string().optional(),
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
