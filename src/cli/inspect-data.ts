import type {
  AutoscalerState,
  CertificateTerm,
  Inspection,
  Part,
  Silence,
  Usage,
} from "../commands/inspecting/inspection.ts";
import type { EventGroup, Ports } from "../commands/ports.ts";
import type { Pod } from "../k8s/kinds.ts";
import { judgeMoment, type Moment } from "../release/moment.ts";
import { isReady } from "../release/observation.ts";
import { cleanStrings } from "./clean-strings.ts";

/** The JSON of `docc inspect`: stable, and explained in docs/cli.md. What did not answer is absent, and in `unknown`. */
interface InspectData {
  readonly app: string;
  readonly environment: string;
  readonly state: Moment["state"] | "unknown";
  readonly sentence: string;
  readonly ready?: number;
  readonly wanted?: number;
  readonly pods?: readonly PodData[];
  readonly ingresses?: readonly string[];
  readonly certificates?: readonly CertificateTerm[];
  readonly autoscaler?: AutoscalerState;
  readonly usage?: Usage;
  readonly events?: readonly EventGroup[];
  readonly unknown: Readonly<Record<string, Silence>>;
}

interface PodData {
  readonly name: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly created?: string;
}

interface Inspected {
  readonly app: string;
  readonly environment: string;
  /** The verdict, in words. */
  readonly sentence: string;
  readonly inspection: Inspection;
}

/** What the cluster said of one app, each text one clean line. Pure but for the clock of `ports`. */
export function inspectData({ inspection, ...place }: Inspected, ports: Ports): InspectData {
  const { observation, ...parts } = inspection;
  const known = present({
    pods: valueOf(parts.pods)?.map(podData),
    ingresses: valueOf(parts.ingresses),
    certificates: valueOf(parts.certificates),
    autoscaler: valueOf(parts.autoscaler),
    usage: valueOf(parts.usage),
    events: valueOf(parts.events),
  });
  const unknown = silences({ state: observation, ...parts });
  return cleanStrings({ ...place, ...stateOf(place, observation, ports), ...known, unknown });
}

function stateOf(
  { app, environment }: Pick<Inspected, "app" | "environment">,
  observation: Inspection["observation"],
  { apps, clock, releases }: Ports,
): Pick<InspectData, "state" | "ready" | "wanted"> {
  if ("silence" in observation) return { state: "unknown" };
  const applied = apps.find(app, environment)?.status?.applied?.release;
  const release = releases.of(app, environment).find(({ metadata }) => metadata.name === applied);
  const moment = judgeMoment(observation.value, release, clock.now());
  if (moment.state === "gone") return { state: "gone" };
  const { ready, wanted } = moment.progress;
  return { state: moment.state, ready, wanted };
}

function valueOf<T>(part: Part<T>): T | undefined {
  return "value" in part ? part.value : undefined;
}

type Present<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(data: T): Present<T> {
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}

function silences(parts: Readonly<Record<string, Part<unknown>>>): InspectData["unknown"] {
  const silent = Object.entries(parts).flatMap(([name, part]) =>
    "silence" in part ? [[name, part.silence] as const] : [],
  );
  return Object.fromEntries(silent);
}

function podData(pod: Pod): PodData {
  const { metadata, status } = pod;
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  const created = metadata?.creationTimestamp;
  return {
    name: metadata?.name ?? "",
    phase: status?.phase ?? "Unknown",
    ready: isReady(pod),
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(created === undefined ? {} : { created }),
  };
}
