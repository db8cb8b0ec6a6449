import { phaseOf } from "../../release/phases.ts";
import type { ReleaseView } from "../../release/story.ts";
import { context, section } from "../blocks.ts";
import { fit } from "../fit.ts";
import { channelId } from "../ids.ts";
import type { Message } from "../message.ts";
import { buttons } from "./buttons.ts";
import { approvedBy, closedBy, inline, type Mention, need } from "./phrases.ts";
import { planLines } from "./plan-lines.ts";

/** The direct message to who may approve: the plan with its buttons, and later how it was decided. Pure. */
export function askMessage(view: ReleaseView, mention: Mention): Message {
  const { release } = view;
  const first = need(release, mention);
  const isOpen = phaseOf(release) === "awaiting-approval";
  const outcome = isOpen ? "" : decided(view, mention);
  const lines = isOpen ? planLines(release, mention) : [outcome];
  return fit({
    text: isOpen ? first : `${outcome} It was about: ${first}`,
    blocks: [
      section([first, ...lines].join("\n")),
      context(where(view)),
      ...(isOpen ? buttons(view) : []),
    ],
  });
}

function where({ release }: ReleaseView): string {
  const channel = release.status?.slack?.channel ?? "";
  const { reason } = release.spec;
  const why = reason === undefined ? "" : ` "${inline(reason)}"`;
  const place = channelId.test(channel) ? ` Its thread is in <#${channel}>.` : "";
  return `Release ${inline(release.metadata.name, 80)}.${why}${place}`;
}

function decided({ release }: ReleaseView, mention: Mention): string {
  const phase = phaseOf(release);
  const closed = release.status?.closed;
  if (closed !== undefined && (phase === "rejected" || phase === "cancelled")) {
    return closedBy(phase, closed, mention);
  }
  if (phase === "expired") return "Expired: nobody approved it in time.";
  if (phase === "planned") return "Being planned again.";
  const names = approvedBy(release, mention);
  return names === "" ? "It needs no decision any more." : `Approved by ${names}.`;
}
