import type { types } from "@slack/bolt";
import {
  type HomeApp,
  type HomeData,
  type HomeTeam,
  mostOfTeam,
  mostTeams,
  type OtherApp,
} from "../../commands/home.ts";
import { oneLine } from "../../text/clean.ts";
import { typedWord } from "../../text/typed-word.ts";
import { actions, context, header, section } from "../blocks.ts";
import type { Block } from "../message.ts";
import { command, logs } from "./buttons.ts";
import { deployWordsButton } from "./deploy-form.ts";
import { inline } from "./phrases.ts";

const mostOwn = 14;
/** No app, environment or team has a longer name, unless a record was spoilt: then it is typed. */
const longestWords = 200;

/** The asker's own apps, with what one does most. Pure. At most 30 blocks. */
export function ownApps({ mine }: Pick<HomeData, "mine">): readonly Block[] {
  if (mine.length === 0) return [header("Your apps"), context(whoseApps)];
  const more = mine.length - mostOwn;
  return [
    header("Your apps"),
    ...mine.slice(0, mostOwn).flatMap(ownApp),
    ...(more > 0 ? [context(`and ${more} more: \`/docc list maintainer=me\``)] : []),
  ];
}

const whoseApps =
  "None yet. An app is yours when its manifest names you as maintainer, by e-mail or Slack id, when its team is yours, or when you asked for a release of it in the last 30 days.";

function ownApp(app: HomeApp): readonly Block[] {
  const buttons = buttonsOf(app);
  return [section(sayApp(app)), ...(buttons.length === 0 ? [] : [actions(...buttons)])];
}

/** `*web* in staging: *unhealthy, 1 of 3*` and, below, `2017, revision 8, 3h` */
function sayApp({ app, environment, seen, tag, revision, age }: HomeApp): string {
  const glance = sayHealth(seen) ?? "health unknown";
  const facts = [
    inline(tag, 60),
    `revision ${inline(revision, 12)}`,
    age === "unknown" ? "" : `applied ${inline(age, 12)} ago`,
  ];
  return `*${inline(app, 63)}* in ${inline(environment, 63)}: ${glance}\n${facts.filter((fact) => fact !== "").join(", ")}`;
}

/** Undefined where it is not known. */
function sayHealth(seen: HomeApp["seen"]): string | undefined {
  if (seen === undefined || seen.state === "unknown") return undefined;
  const health = inline(seen.said, 40);
  // What needs an eye is set in bold, with words for who sees no bold.
  return seen.state === "unhealthy" ? `*${health}*` : health;
}

function buttonsOf({ app, environment }: HomeApp): readonly types.Button[] {
  if (app.length + environment.length > longestWords) return [];
  const place = { app, environment };
  const where = `${app} in ${environment}`;
  return [
    command({
      action: "command:status",
      text: "Status",
      value: `status ${app} in=${environment}`,
      label: `Status of ${where}`,
    }),
    logs(place),
    command({
      action: "command:history",
      text: "History",
      value: `history ${app} in=${environment}`,
      label: `History of ${where}`,
    }),
    deployWordsButton(place),
  ].filter((each) => each !== undefined);
}

/** What the others run, in one block a team. Pure. At most 17 blocks. */
export function otherApps({ teams }: Pick<HomeData, "teams">): readonly Block[] {
  if (teams.length === 0) return [];
  const more = teams.slice(mostTeams);
  const apps = more.reduce((sum, each) => sum + each.apps.length, 0);
  return [
    header("Other apps"),
    ...teams.slice(0, mostTeams).map(teamBlock),
    ...(more.length === 0
      ? []
      : [context(`and ${apps} more of ${more.length} other teams: \`/docc list\``)]),
  ];
}

function teamBlock({ team, apps }: HomeTeam): Block {
  const words = team === undefined ? "list" : listWords(team);
  const name = team === undefined ? "No team" : inline(team, 63);
  const shown = apps.slice(0, mostOfTeam).map(sayOther).join("; ");
  const more = apps.length - mostOfTeam;
  const rest = more > 0 ? `; and ${more} more: \`/docc ${words}\`` : "";
  const list = command({
    action: "command:list",
    text: "List",
    value: words,
    label: team === undefined ? "List all apps" : `List the apps of ${team}`,
  });
  const block = section(`*${name}*: ${shown}${rest}`);
  return list === undefined ? block : { ...block, accessory: list };
}

/** `web in staging, 2017: healthy, 3 of 3` */
function sayOther({ app, environment, tag, seen }: OtherApp): string {
  const version = inline(tag, 40);
  const place = `${inline(app, 63)} in ${inline(environment, 63)}${version === "" ? "" : `, ${version}`}`;
  const health = sayHealth(seen);
  return health === undefined ? place : `${place}: ${health}`;
}

/** The list with one filter, as it is typed; the whole list where the filter cannot be. */
function listWords(team: string): string {
  const word = typedWord("team", oneLine(team));
  // Inside of a text these words are code, and escaped nowhere: only what is plain goes there.
  const isPlain = word !== undefined && /^[\w.=@+"' -]+$/u.test(word);
  return isPlain && word.length <= longestWords ? `list ${word}` : "list";
}
