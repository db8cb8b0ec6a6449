import { cap } from "../../text/cap.ts";
import { oneLine, quoted } from "../../text/clean.ts";
import { probesOf } from "../objects/probes.ts";
import { isPort } from "../rules/ports.ts";
import { defaultStartSeconds } from "../schema/health.ts";
import { variablesOf } from "./env.ts";
import { expanded } from "./expansion.ts";
import { fits } from "./fits.ts";
import {
  at,
  isEmpty,
  isSame,
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectOf,
  textAt,
} from "./json.ts";
import { leaveOf, leaveWholeOf, type Part, portNamed } from "./part.ts";
import type { Remarks } from "./remarks.ts";

/** What a container's probes come to. */
export interface Health {
  readonly health?: JsonObject;
  /** The port that has to be written first, since readiness asks it without `health`. */
  readonly first?: number;
}

/** In the order in which they give the one question that a manifest asks. */
const kinds = ["readinessProbe", "livenessProbe", "startupProbe"] as const;
type Kind = (typeof kinds)[number];

/** k8s.io/kubernetes, pkg/apis/core/v1/defaults.go, SetDefaults_Probe; no delay is Go's zero. */
const defaults: Readonly<Record<string, number>> = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};

const MOST_START_SECONDS = 3_600;
const field = ["containers", "any", "health"];

/** @param tcpPorts the container's ports of TCP in the manifest, the least first */
export function healthOf(part: Part, tcpPorts: readonly number[], to: Remarks): Health {
  const given = kinds.filter((kind) => !isEmpty(at(part.value, kind)));
  const questions = new Map(given.map((kind) => [kind, questionOf(part, kind)]));
  const port = numberAt(questions.get("readinessProbe"), "tcp");
  if (given.length === 1 && port !== undefined && tcpPorts.includes(port)) {
    leaveTimes(part, "readinessProbe", ours({}, port), to);
    return { first: port };
  }
  const question = kinds
    .map((kind) => questions.get(kind))
    .find((each): each is JsonObject => each !== undefined);
  leaveOtherQuestions(part, questions, question, to);
  if (question === undefined) {
    return {};
  }
  const asking = given.filter((kind) => isSameQuestion(questions.get(kind), question));
  return { health: healthField(part, question, asking, tcpPorts, to) };
}

function healthField(
  part: Part,
  question: JsonObject,
  asking: readonly Kind[],
  tcpPorts: readonly number[],
  to: Remarks,
): JsonObject {
  const start = startSeconds(part, asking, to);
  const { port, ...rest } = question;
  const health = objectOf({
    ...rest,
    port: port === tcpPorts[0] ? undefined : port,
    start_seconds: start === defaultStartSeconds ? undefined : start,
    restart_when_unhealthy: asking.includes("livenessProbe") ? true : undefined,
  });
  for (const kind of asking) {
    leaveTimes(part, kind, ours(health, tcpPorts[0] ?? 0), to);
  }
  return health;
}

function isSameQuestion(left: JsonObject | undefined, right: JsonObject): boolean {
  return left !== undefined && isSame(left, right);
}

/** The probes that docc makes of a `health`. */
function ours(health: JsonObject, port: number): Json {
  const isNone = Object.keys(health).length === 0;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema holds what it has
  const container = { ports: [port], ...(isNone ? {} : { health }) } as unknown as Parameters<
    typeof probesOf
  >[0];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- probes are plain data
  return probesOf(container) as unknown as Json;
}

function leaveOtherQuestions(
  part: Part,
  questions: ReadonlyMap<Kind, JsonObject | undefined>,
  chosen: JsonObject | undefined,
  to: Remarks,
): void {
  for (const [kind, question] of questions) {
    if (question === undefined) {
      leaveWholeOf(part, to, [kind], "A manifest cannot ask like this.");
    } else if (chosen !== undefined && !isSame(question, chosen)) {
      leaveWholeOf(part, to, [kind], "A manifest asks one question only, and this is another one.");
    }
  }
}

/** How a probe asks, as `health` says it; undefined where it cannot. */
function questionOf(part: Part, kind: Kind): JsonObject | undefined {
  const probe = at(part.value, kind);
  const question =
    httpQuestion(part, probe) ?? tcpQuestion(part, probe) ?? execQuestion(part, probe);
  return question !== undefined && fits(field, question) ? question : undefined;
}

function httpQuestion(part: Part, probe: Json): JsonObject | undefined {
  const get = at(probe, "httpGet");
  const port = portOf(part, at(get, "port"));
  if (isEmpty(get) || port === undefined) {
    return undefined;
  }
  const tls = textAt(get, "scheme") === "HTTPS" ? true : undefined;
  return objectOf({ path: textAt(get, "path") || "/", port, tls });
}

function tcpQuestion(part: Part, probe: Json): JsonObject | undefined {
  const port = portOf(part, at(probe, "tcpSocket", "port"));
  return port === undefined ? undefined : { tcp: port };
}

function execQuestion(part: Part, probe: Json): JsonObject | undefined {
  const words = listAt(probe, "exec", "command");
  const variables = variablesOf(part);
  const read = words.map((word) => expanded(typeof word === "string" ? word : "", variables));
  return words.length === 0 || read.some(({ hasVariable }) => hasVariable)
    ? undefined
    : { command: read.map(({ text }) => text) };
}

function portOf(part: Part, given: Json): number | undefined {
  const port = typeof given === "string" ? (portNamed(part, given) ?? null) : given;
  return isPort(port) ? port : undefined;
}

/** How long a start may take: what startup allows, else what liveness did, and never less than docc's own. */
function startSeconds(part: Part, asking: readonly Kind[], to: Remarks): number {
  const kind = (["startupProbe", "livenessProbe", "readinessProbe"] as const).find((each) =>
    asking.includes(each),
  );
  const seconds = patience(at(part.value, kind ?? "startupProbe"));
  if (kind === "startupProbe") {
    const isTold = seconds >= 1 && seconds <= MOST_START_SECONDS;
    if (!isTold) {
      const why = `A manifest allows a start 1 to ${MOST_START_SECONDS} seconds.`;
      leaveOf(part, to, [kind, "failureThreshold"], why);
    }
    return Math.min(Math.max(Math.round(seconds), 1), MOST_START_SECONDS);
  }
  const least = Math.min(Math.max(Math.round(seconds), defaultStartSeconds), MOST_START_SECONDS);
  if (kind === "readinessProbe") {
    to.note(
      `Until now nothing restarted ${quoted(part.name)} while it started; docc does when it is not well after ${least} seconds: health.start_seconds.`,
    );
  }
  return least;
}

function patience(probe: Json): number {
  const value = (name: string): number => numberAt(probe, name) ?? defaults[name] ?? 0;
  // The first look comes after the delay, so the nth comes n - 1 periods later.
  return value("initialDelaySeconds") + value("periodSeconds") * (value("failureThreshold") - 1);
}

/** What `start_seconds` says of each probe. */
const saidByStart: Readonly<Record<Kind, readonly string[]>> = {
  startupProbe: ["initialDelaySeconds", "periodSeconds", "failureThreshold"],
  livenessProbe: ["initialDelaySeconds"],
  readinessProbe: [],
};

/** One sentence on how often a probe asks, where that is neither Kubernetes' default nor docc's way. */
function leaveTimes(part: Part, kind: Kind, docc: Json, to: Remarks): void {
  const own = Object.entries(defaults).flatMap(([name, byDefault]) => {
    const value = at(part.value, kind, name);
    const isUsual = isEmpty(value) || value === byDefault || value === at(docc, kind, name);
    return isUsual || saidByStart[kind].includes(name)
      ? []
      : [`${name} ${cap(oneLine(JSON.stringify(value)), 20)}`];
  });
  if (own.length > 0) {
    leaveOf(part, to, [kind], `docc asks at times of its own: ${own.join(", ")} is left out.`);
  }
}
