import type { AckFn, RespondArguments, RespondFn } from "@slack/bolt";
import type { Delivery } from "./delivery.ts";
import type { Message } from "./message.ts";
import type { Hearer } from "./tell.ts";
import type { Turn } from "./turn.ts";

/** An acknowledgement of a command, whose words are shown to the person. */
export function ackInWords(
  ack: AckFn<string | RespondArguments>,
): (message?: Message) => Promise<void> {
  return async (message) => {
    if (message === undefined) return ack();
    const { text, blocks } = message;
    return ack({ response_type: "ephemeral", text, blocks: [...blocks] });
  };
}

/** The parts that payloads of clicks, shortcuts and submissions share. */
export interface Click {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team: { readonly id: string } | null;
  readonly enterprise?: { readonly id: string } | null | undefined;
  readonly trigger_id: string;
  readonly type: string;
  readonly channel?: { readonly id: string };
  readonly message?: { readonly ts?: string };
  /** The modal, or the Home, in which it was. */
  readonly view?: { readonly type: string };
}

/** A click or a shortcut as a delivery. */
export function clicked(body: Click, turn: Turn): Delivery {
  const pressed = body.type === "block_actions";
  const atHome = body.view?.type === "home";
  const inView = body.view !== undefined && !atHome;
  const id = `${pressed ? "action" : "shortcut"}:${body.trigger_id}`;
  const { channel, message } = body;
  const isShown = pressed && channel !== undefined && message?.ts !== undefined;
  const where = isShown ? { message: { channel: channel.id, ts: message.ts } } : {};
  const what = { trigger: body.trigger_id, pressed, inView, atHome, ...where };
  return { actor: actorOf(body), turn, id, ...what };
}

/** Who acted, by every id that the payload says. */
export function actorOf({
  user,
  team,
  enterprise,
}: Pick<Click, "user" | "team" | "enterprise">): Delivery["actor"] {
  return { user: user.id, teams: [team?.id, user.team_id], enterprises: [enterprise?.id] };
}

/** The person, and how to answer them where they clicked. */
export function hearerOf(
  body: { readonly user: { readonly id: string }; readonly channel?: { readonly id: string } },
  respond: RespondFn,
): Hearer {
  const { user, channel } = body;
  return { user: user.id, respond, ...(channel === undefined ? {} : { channel: channel.id }) };
}
