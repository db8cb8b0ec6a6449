import type { types } from "@slack/bolt";
import type { HomeData } from "../../commands/home.ts";
import { actions, button, context, header, section } from "../blocks.ts";
import { plain } from "../escape.ts";
import type { Block } from "../message.ts";
import { openFormAction } from "./answer.ts";
import { command } from "./buttons.ts";
import { otherApps, ownApps } from "./home-apps.ts";
import { recentReleases, waitingReleases } from "./home-releases.ts";
import type { Mention } from "./phrases.ts";

/** Of blocks that are known, as messages are. */
interface HomePage extends types.HomeView {
  blocks: Block[];
}

/** Action id of the button that makes the page anew. */
export const refreshHomeAction = "home:refresh";

/**
 * A person's App Home: what waits for them, their apps, the others', what happened last. Pure. It stays within Slack's
 * limits because each part has a greatest number of blocks (together 78), and each block of texts.
 */
export function homeView(data: HomeData, mention: Mention): HomePage {
  const hasApps = data.mine.length + data.teams.length > 0;
  return home([
    actions(...(data.ready ? ways : []), refresh),
    context(`Updated ${plain(sayTime(data.now))} UTC. What a button answers, you alone read.`),
    ...(data.ready
      ? [
          ...waitingReleases(data, mention),
          ...(hasApps ? [...ownApps(data), ...otherApps(data)] : firstSteps),
          ...recentReleases(data, mention),
        ]
      : [
          section(
            "docc has just started and does not know the apps yet. Refresh in a few seconds.",
          ),
        ]),
  ]);
}

/** All that somebody sees whom docc does not serve, or cannot serve now. */
export function closedHome(
  sentence: string,
  { canRetry }: { readonly canRetry: boolean },
): HomePage {
  return home([section(plain(sentence)), ...(canRetry ? [actions(refresh)] : [])]);
}

function home(blocks: readonly Block[]): HomePage {
  return { type: "home", blocks: [...blocks] };
}

/** `12:05` */
function sayTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

const refresh = button({
  action: refreshHomeAction,
  text: "Refresh",
  value: "refresh",
  label: "Show this page as things are now",
});

const deployApp = button({
  action: openFormAction,
  text: "Deploy a new app…",
  value: JSON.stringify({ command: "deploy" }),
  label: "Deploy a new app: give its manifest",
});

/** What concerns no app in particular. */
const ways = [
  deployApp,
  command({
    action: "command:status",
    text: "In flight",
    value: "status",
    label: "Show what is in flight and what waits",
  }),
  command({ action: "command:list", text: "All apps", value: "list", label: "List all apps" }),
  command({ action: "command:help", text: "Help", value: "help", label: "Show every command" }),
].filter((each) => each !== undefined);

const firstSteps: readonly Block[] = [
  header("Your first app"),
  section(
    "Nothing runs by docc yet. Write a manifest of ten lines, or have `/docc init` write it from a few answers, and press *Deploy a new app…* above, or type `/docc deploy` in a channel that may hear of it.",
  ),
  section(
    "docc shows what would change, asks whoever must say yes, follows the rollout in one thread, and says whether it is live, or why not.",
  ),
];
