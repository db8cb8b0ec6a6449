import type {
  App,
  BlockAction,
  BlockSuggestion,
  ButtonAction,
  GlobalShortcut,
  ViewOutput,
  ViewSubmitAction,
  webApi,
} from "@slack/bolt";
import type { Delivery } from "./delivery.ts";
import type { Desk } from "./desk.ts";
import type { Door } from "./identity.ts";
import type { Intake } from "./intake.ts";
import { describeError, type Logger } from "./logger.ts";
import type { Message } from "./message.ts";
import { readPalette } from "./palette-state.ts";
import { actorOf, clicked, hearerOf } from "./payloads.ts";
import { respondBy } from "./respond.ts";
import type { Hearer } from "./tell.ts";
import type { Turn } from "./turn.ts";
import {
  choiceAction,
  openPaletteAction,
  optionsOf,
  type PaletteContext,
  paletteCallback,
  paletteView,
} from "./views/palette.ts";

export interface PaletteOptions {
  readonly intake: Intake;
  readonly desk: Desk;
  readonly door: Door;
  readonly client: webApi.WebClient;
  readonly logger: Logger;
  /** Callback id of the global shortcut that opens it. */
  readonly shortcut: string;
  /** Origin of an emulated Slack on loopback, which may be answered by a response URL. */
  readonly trustedOrigin: string | undefined;
  readonly turn: (hearer: Hearer, ack: (message?: Message) => Promise<void>) => Turn;
}

/** Registers what happens in the palette: it opens, it changes with what is chosen, it offers, it is submitted. */
export function listenToPalette(app: App, options: PaletteOptions): void {
  const { client, desk, intake, logger, turn } = options;

  app.action<BlockAction<ButtonAction>>(openPaletteAction, async ({ ack, body, respond }) => {
    const hearer = hearerOf(body, respond);
    const delivery = clicked(
      body,
      turn(hearer, () => ack()),
    );
    await intake.palette(delivery, { channel: hearer.channel, respond: body.response_url });
  });

  app.shortcut<GlobalShortcut>(
    { callback_id: options.shortcut, type: "shortcut" },
    async ({ ack, shortcut }) => {
      const delivery = clicked(
        shortcut,
        turn({ user: shortcut.user.id }, () => ack()),
      );
      await intake.palette(delivery, {});
    },
  );

  app.action<BlockAction>({ action_id: choiceAction }, async ({ ack, body }) => {
    await ack();
    const { view } = body;
    if (view === undefined) return;
    try {
      const state = readPalette(view);
      const requester = await options.door.admit(actorOf(body));
      const palette = desk.palette({ requester, channel: state.context.channel });
      const changed = paletteView({ ...palette, state });
      await client.views.update({ view_id: view.id, view: changed });
    } catch (error) {
      logger.warn(describeError(error), "a palette does not show its fields");
    }
  });

  app.options<"block_suggestion">(
    { type: "block_suggestion", action_id: choiceAction },
    async ({ ack, body }) => {
      await ack({ options: [...(await offered(body, options))] });
    },
  );

  app.view<ViewSubmitAction>(paletteCallback, async ({ ack, body, view }) => {
    const delivery: Delivery = {
      actor: actorOf(body),
      address: contextIn(view).respond,
      turn: turn(hearerIn(view, body.user.id, options), () => ack()),
      id: `view:${view.id}`,
      trigger: body.trigger_id,
      replace: (next) => ack({ response_action: "update", view: next }),
    };
    await intake.chosen(delivery, view, (errors) => ack({ response_action: "errors", errors }));
  });
}

/** Nothing for whom docc does not serve, and nothing when it is not known what there is: a person types on. */
async function offered(
  body: BlockSuggestion,
  { desk, door, logger }: PaletteOptions,
): Promise<ReturnType<typeof optionsOf>> {
  try {
    const { action_id: action, user, team, enterprise, value, view } = body;
    const requester = await door.admit(actorOf({ user, team, enterprise }));
    const { context = {}, values } = view === undefined ? { values: {} } : readPalette(view);
    const asker = { requester, channel: context.channel };
    return optionsOf(desk.suggest(action.replace(choiceAction, ""), value, values, asker));
  } catch (error) {
    logger.warn(describeError(error), "nothing is offered");
    return [];
  }
}

/** Where the palette was opened; a view of an earlier docc's says so in its own way. */
function contextIn(view: ViewOutput): PaletteContext {
  try {
    return readPalette(view).context;
  } catch {
    return {};
  }
}

function hearerIn(view: ViewOutput, user: string, { trustedOrigin }: PaletteOptions): Hearer {
  const { channel, respond } = contextIn(view);
  const answer = respondBy(respond, trustedOrigin);
  return {
    user,
    ...(channel === undefined ? {} : { channel }),
    ...(answer === undefined ? {} : { respond: answer }),
  };
}
