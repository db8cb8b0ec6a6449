import type { Clock } from "../clock.ts";
import type { Inspection } from "../commands/inspecting/inspection.ts";
import type { EnvironmentPort, EventGroup, LogLine } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "../k8s/api.ts";
import { readEvents } from "../k8s/app-events.ts";
import { inspectApp } from "../k8s/app-inspection.ts";
import { readLogLines } from "../k8s/app-logs.ts";
import { isKubeError } from "../k8s/errors.ts";
import { deployments } from "../k8s/kinds.ts";
import { applicationName } from "../release/names.ts";
import type { PublishedEnvironment } from "../release/published.ts";
import type { ObjectRef } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { domainIn } from "./known-domain.ts";
import type { RecordList } from "./record-ports.ts";

/** What the cluster has told a declaration, before that made an answer of it. */
export interface Heard {
  lines: readonly LogLine[];
  groups: readonly EventGroup[];
  inspection?: Inspection;
}

interface Sources {
  readonly app: string;
  readonly records: RecordList;
  /** What docc says of the environment, where it does. */
  readonly published: PublishedEnvironment | undefined;
  /** Of the cluster in which the app is, with the rights of who calls. */
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly heard: Heard;
}

const gatewayKinds: readonly string[] = ["HTTPRoute", "TLSRoute", "ListenerSet"];
const elsewhere =
  "Where it is in another cluster than docc's records, name that with --app-context.";

/**
 * An environment of the records, of which one app can be asked in its cluster: reads alone, in the namespace of what
 * docc has applied.
 */
export function appPort(port: EnvironmentPort, sources: Sources): EnvironmentPort {
  const { app, records, published, api, clock, heard } = sources;
  const name = applicationName(app, port.name);
  const head = records.applications.find(
    ({ spec }) => applicationName(spec.app, spec.environment) === name,
  );
  const objects = head?.status?.inventory ?? [];
  const hasGateway = objects.some(({ kind }) => gatewayKinds.includes(kind));
  const place = async (): Promise<Place> =>
    placeIn(api, deploymentIn(objects, `${app} in ${port.name}`), port.name);
  return {
    ...port,
    isRecordsOnly: false,
    links: published?.links ?? {},
    platform: {
      ...port.platform,
      domain: published?.domain ?? domainIn(port.name, records),
      ...(published === undefined ? {} : { namespace: published.namespace }),
      // Whichever it is: then there are no Ingresses to be missed.
      ...(hasGateway ? { gateway: { name: "", namespace: "" } } : {}),
    },
    logs: async (_app, query) => {
      const at = await place();
      const reading = await asCaller(at, "list pods and get pods/log", () =>
        readLogLines(api, { namespace: at.namespace, app }, query, clock),
      );
      if (reading.pods === 0) demand(at);
      heard.lines = reading.lines;
      return reading;
    },
    events: async (_app, query) => {
      const at = await place();
      const groups = await asCaller(at, "list events and replicasets", () =>
        readEvents(api, at.namespace, app, query),
      );
      if (groups.length === 0) demand(at);
      heard.groups = groups;
      return groups;
    },
    inspect: async (_app, query) => {
      const at = await place();
      const seen = await inspectApp(api, at.namespace, { app, ...query }, clock);
      const isGone = "value" in seen.observation && seen.observation.value.deployment === undefined;
      if (isGone && "value" in seen.pods && seen.pods.value.length === 0) demand(at);
      heard.inspection = seen;
      return seen;
    },
  };
}

/** @throws DoccError `not-found` where the records do not say in which namespace the app is */
function deploymentIn(objects: readonly ObjectRef[], where: string): ObjectRef {
  const found = objects.find(({ kind }) => kind === "Deployment");
  if (found !== undefined) return found;
  throw new DoccError("not-found", `docc's records do not say in which namespace ${where} is.`, {
    hint: "Nothing of it is applied yet.",
  });
}

/** @throws DoccError `not-allowed` that says which right is missing, as far as the API server tells */
async function asCaller<Result>(
  { namespace }: ObjectRef,
  needed: string,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!isKubeError(error, "forbidden")) throw error;
    const denied = /\bcannot (get|list) resource "([a-z/]{1,60})"/u.exec(error.message);
    const act = denied === null ? needed : `${denied[1]} ${denied[2]}`;
    throw new DoccError("not-allowed", `You may not ${act} in the namespace ${namespace}.`, {
      hint: "Ask its operators for that right; docs/cli.md has the whole rule.",
      cause: error,
    });
  }
}

/** The Deployment that docc's records name, as the cluster that is asked has it. */
interface Place extends ObjectRef {
  /** Surely not there: without the right to look, nobody knows. */
  readonly isMissing: boolean;
}

/**
 * Another environment's cluster may have a namespace and an app of the same names. It is a question on top, for which
 * there need not be a right.
 * @throws DoccError `not-found` where the Deployment there is another environment's
 */
async function placeIn(api: KubeApi, at: ObjectRef, environment: string): Promise<Place> {
  const { namespace, name } = at;
  try {
    const found = await api.find(deployments, { namespace, name });
    const other = found?.metadata.labels?.["docc.dev/environment"];
    if (other === undefined || other === environment) {
      return { ...at, isMissing: found === undefined };
    }
    const sentence = `The Deployment ${name} in the namespace ${namespace} of this cluster is of the environment ${cap(oneLine(other), 63)}, not of ${environment}.`;
    throw new DoccError("not-found", sentence, { hint: elsewhere });
  } catch (error) {
    if (!isKubeError(error, "forbidden")) throw error;
    return { ...at, isMissing: false };
  }
}

/**
 * Nothing was found: perhaps this is not the app's cluster.
 * @throws DoccError `not-found` where its Deployment is surely not there
 */
function demand({ isMissing, namespace, name }: Place): void {
  if (!isMissing) return;
  const sentence = `This cluster has no Deployment ${name} in the namespace ${namespace}.`;
  throw new DoccError("not-found", sentence, { hint: elsewhere });
}
