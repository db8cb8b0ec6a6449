import { sleep, systemClock } from "../clock.ts";
import type { Answer } from "../commands/answer.ts";
import { environmentNamed } from "../commands/environment.ts";
import { type LogArguments, logArguments, queryOf } from "../commands/logs/arguments.ts";
import { sayLines } from "../commands/logs/excerpt.ts";
import type { LogLine, Ports } from "../commands/ports.ts";
import { isDoccError } from "../errors.ts";
import { readPublishedAt } from "../k8s/published-store.ts";
import { readManifest } from "../manifest/canonical.ts";
import { urlsOf } from "../manifest/urls.ts";
import { escapedJson, oneLine } from "../text/clean.ts";
import { answerText, linkLines } from "./answer-text.ts";
import { appPort, type Heard } from "./app-port.ts";
import { exitCodes } from "./command.ts";
import { atHomeAndApps, type Home, recordsAt, withRole } from "./home-live.ts";
import type { Io } from "./io.ts";
import { unknownDomain } from "./known-domain.ts";
import { logNews } from "./log-news.ts";
import type { AppAsked, AppLook } from "./look-app.ts";
import type { Args } from "./look-data.ts";
import { answerOf, placedIn, portsOn, withEnvironments } from "./look-live.ts";
import { asText } from "./output.ts";
import { inTerminal, sentencesOf } from "./said.ts";

const lookEveryMs = 2_000;
/** Of each container, between two looks. */
const newLines = 2_000;

/**
 * Answers about one app from docc's records and from its own cluster, with the kubeconfig of who calls.
 * @returns the exit code
 * @throws DoccError for what is not there or may not be read
 */
export async function lookAtApp(look: AppLook, asked: AppAsked, io: Io): Promise<number> {
  const { appContext, place } = asked;
  return atHomeAndApps(place, appContext, (home, apps) =>
    lookFrom(home, apps, { look, asked, io }),
  );
}

/** Said before anything else: the link that is asked for may be one of them. */
const withoutOperator =
  "The operator's links are not known here: docc has not published them, or you may not read that (docs/cli.md). /docc open in Slack has them.";

interface Looking {
  readonly look: AppLook;
  readonly asked: AppAsked;
  readonly io: Io;
}

async function lookFrom(home: Home, { api }: Home, { look, asked, io }: Looking): Promise<number> {
  const { namespace } = home;
  const [records, published] = await withRole("read the records", { namespace }, () =>
    Promise.all([recordsAt(home), readPublishedAt(home.api, namespace)]),
  );
  const args = placedIn(asked.args, records);
  const [app, environment] = [String(args["app"]), String(args["in"])];
  const heard: Heard = { lines: [], groups: [] };
  const ports = withEnvironments(portsOn(records), (port) =>
    appPort(port, {
      app,
      records,
      published: published.get(port.name),
      api,
      clock: systemClock,
      heard,
    }),
  );
  const isDeployed = ports.apps.find(app, environment)?.status?.applied !== undefined;
  if (look.shows === "links" && isDeployed && !published.has(environment)) {
    say([withoutOperator], io);
  }
  const answer = await answerOf(look, args, ports);
  if (asked.output !== "table") {
    // What is missing in a log, or masked, is not in its lines.
    if (look.shows === "log") say((answer.lines ?? []).map(inTerminal), io);
    io.stdout(asText(look.data?.(heard, answer, args, ports) ?? null, asked.output));
    return exitCodes.ok;
  }
  const told = { answer, args, ports };
  print(look, told, io);
  return asked.follows ? follow(told, heard, io) : exitCodes.ok;
}

interface Told {
  readonly answer: Answer;
  readonly args: Args;
  readonly ports: Ports;
}

/** What can be piped goes to standard output alone, and what is said of it to standard error. */
function print({ shows }: AppLook, { answer, args, ports }: Told, io: Io): void {
  const { snippet } = answer;
  switch (shows) {
    case "log":
      say(sentencesOf(answer), io);
      if (snippet !== undefined) io.stdout(plain(snippet.file?.text ?? snippet.text));
      return;
    case "links":
      say([...sentencesOf(answer), ...unknownHosts(args, ports)], io);
      io.stdout(
        (args["link"] === undefined ? linkLines(answer) : urls(answer)).map(ended).join(""),
      );
      return;
    case "answer": {
      const { lines = [], ...others } = answer;
      const { hasColours = false } = io;
      const look = { hasColours, omits: [] };
      // What was left out of a long text is said below it.
      const long = snippet === undefined ? "" : `\n${plain(snippet.text)}`;
      if (long === "") io.stdout(answerText(answer, look));
      else io.stdout(`${answerText(others, look)}${long}${lines.map(ended).join("")}`);
    }
  }
}

function say(lines: readonly string[], io: Io): void {
  io.stderr(lines.map(ended).join(""));
}

/** A long text is clean already, but for names that the cluster gave. */
function plain(text: string): string {
  return ended(escapedJson(text));
}

function ended(line: string): string {
  return `${line}\n`;
}

function urls({ links = [] }: Answer): readonly string[] {
  return links.map(({ url }) => oneLine(url));
}

/** Hosts that docc names are below a domain of docc.yaml: where docc has not published it, a success tells it. */
function unknownHosts(args: Args, ports: Ports): readonly string[] {
  const [app, environment] = [String(args["app"]), String(args["in"])];
  const platform = ports.environments.get(environment)?.platform;
  const text = ports.apps.find(app, environment)?.status?.applied?.manifest ?? "";
  const manifest = readManifest(text);
  if (manifest === undefined || platform === undefined) return [];
  return urlsOf(manifest, platform).some((url) => url.includes(unknownDomain))
    ? [
        `Addresses that docc names are left out: their domain is not known here until an app of ${environment} has succeeded.`,
      ]
    : [];
}

/** Goes on until somebody interrupts, or nobody reads any more. A cluster that does not answer is asked again. */
async function follow({ args, ports }: Told, heard: Heard, io: Io): Promise<number> {
  const given = logArguments.parse(args);
  const news = logNews(given, heard.lines);
  const stopping = new AbortController();
  let code: number = exitCodes.interrupted;
  const unhook = io.onInterrupt(() => stopping.abort());
  const forget = io.onReaderGone?.(() => {
    code = exitCodes.ok;
    stopping.abort();
  });
  let wasSilent = false;
  try {
    for (;;) {
      await sleep(systemClock, lookEveryMs, stopping.signal);
      const read = await newLinesOf(given, ports, news.since());
      const isSilent = read === undefined;
      if (isSilent !== wasSilent) {
        say([isSilent ? "No log comes any more; docc goes on asking." : "The log goes on."], io);
        wasSilent = isSilent;
      }
      const lines = news.add(read ?? []);
      if (lines.length > 0) {
        io.stdout(plain(sayLines(lines, { fullTimes: true, among: news.known })));
      }
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    return code;
  } finally {
    unhook();
    forget?.();
  }
}

/** @returns undefined where the cluster does not answer now */
async function newLinesOf(
  given: LogArguments,
  ports: Ports,
  since: string | undefined,
): Promise<readonly LogLine[] | undefined> {
  const query = queryOf(given, systemClock.now());
  try {
    const environment = environmentNamed(ports, given.in ?? "");
    const wanted = { ...query, lines: newLines, ...(since === undefined ? {} : { since }) };
    return (await environment.logs(given.app, wanted)).lines;
  } catch (error) {
    if (!isDoccError(error, "unavailable", "timeout")) throw error;
    return undefined;
  }
}
