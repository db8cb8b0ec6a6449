import type { AppHealth, EnvironmentPort } from "../commands/ports.ts";
import { sayNames } from "../commands/several-apps.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "../k8s/api.ts";
import { healthOf } from "../k8s/app-health.ts";
import { isKubeError } from "../k8s/errors.ts";
import { deployments } from "../k8s/kinds.ts";
import type { Application } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { compare } from "../text/compare.ts";
import type { RecordList } from "./record-ports.ts";

/** Whose health nobody could tell, and why. */
export interface Unheard {
  /** Namespaces that the caller may not read, of each app. */
  readonly denied: Map<string, string>;
  /** Apps that are not in the cluster that was asked. */
  readonly absent: Set<string>;
  /** Apps of which there was no answer. */
  readonly silent: Set<string>;
}

export function nobodyUnheard(): Unheard {
  return { denied: new Map(), absent: new Set(), silent: new Set() };
}

interface Sources {
  readonly records: RecordList;
  /** Of the cluster in which the apps are, with the rights of who calls. */
  readonly api: KubeApi;
  /** Nobody waits any longer. */
  readonly signal: AbortSignal;
  readonly unheard: Unheard;
}

/** An environment of the records whose apps can be asked how they do: one read of each Deployment that docc applied. */
export function healthPort(port: EnvironmentPort, sources: Sources): EnvironmentPort {
  const asked = new Map<string, Promise<AppHealth>>();
  const heads = new Map(
    sources.records.applications
      .filter(({ spec }) => spec.environment === port.name)
      .map((head) => [head.spec.app, head] as const),
  );
  const health = (app: string): Promise<AppHealth> => {
    const answer = asked.get(app) ?? readHealth(app, heads.get(app), port.name, sources);
    asked.set(app, answer);
    return answer;
  };
  return { ...port, isRecordsOnly: false, health };
}

/**
 * A Deployment that is not there may be in another cluster, so nobody is called gone.
 * @throws for whom it is not known
 */
async function readHealth(
  app: string,
  head: Application | undefined,
  environment: string,
  { api, signal, unheard }: Omit<Sources, "records">,
): Promise<AppHealth> {
  const where = `${app} in ${environment}`;
  const at = head?.status?.inventory?.find(({ kind }) => kind === "Deployment");
  try {
    const found = at && (await api.find(deployments, at, { signal }));
    if (found?.metadata.labels?.["docc.dev/environment"] === environment) return healthOf(found);
    unheard.absent.add(where);
  } catch (error) {
    if (isKubeError(error, "forbidden")) unheard.denied.set(where, at?.namespace ?? "");
    else unheard.silent.add(where);
    throw error;
  }
  throw new DoccError("not-found", `${where} is not in this cluster.`);
}

/** What was not answered, in sentences. Pure. */
export function sayUnheard({ denied, absent, silent }: Unheard): readonly string[] {
  const namespaces = [...new Set(denied.values())].toSorted(compare);
  const word = namespaces.length === 1 ? "namespace" : "namespaces";
  return [
    ...(denied.size === 0
      ? []
      : [
          `You may not get deployments in the ${word} ${few(namespaces)}: how ${few([...denied.keys()])} does is not known. Ask its operators for that right; docs/cli.md has the whole rule.`,
        ]),
    ...(absent.size === 0
      ? []
      : [
          `This cluster has no Deployment of ${few([...absent])}: it is gone, or in another cluster than docc's records, which --app-context names.`,
        ]),
    ...(silent.size === 0 ? [] : [`There was no answer about ${few([...silent])}.`]),
  ];
}

const most = 3;

/** `a, b and c`, `a, b, c and 4 more`. */
function few(names: readonly string[]): string {
  const shown = names.slice(0, most).map((name) => cap(oneLine(name), 120));
  const left = names.length - shown.length;
  const all = left === 0 ? shown : [...shown, `${left} more`];
  return sayNames(all);
}
