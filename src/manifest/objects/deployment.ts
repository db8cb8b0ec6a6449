import type { V1PodSpec, V1TopologySpreadConstraint } from "@kubernetes/client-node";
import { parseDuration } from "../../text/duration.ts";
import { byKey } from "../canonical.ts";
import type { Platform } from "../platform.ts";
import type { Manifest } from "../schema/manifest.ts";
import { containerOf, PRE_STOP_SECONDS } from "./container.ts";
import { labelsOf, metaOf, selectorLabels, versionLabel } from "./labels.ts";
import type { Deployment } from "./objects.ts";
import { sortedPorts } from "./ports.ts";
import { certificateMounts, writableMounts } from "./volumes.ts";

/** Seconds that a process has after SIGTERM, as Kubernetes' own default. */
const STOP_SECONDS = 30;
/**
 * Seconds a new pod must stay ready before the next old one goes. A worker without ports is ready at
 * once, so this alone keeps a rollout from replacing all of them by pods that crash right after.
 */
const MIN_READY_SECONDS = 5;
const LAST_PRIVILEGED_PORT = 1_023;

export function deploymentOf(
  manifest: Manifest,
  platform: Platform,
  digests: ReadonlyMap<string, string>,
): Deployment {
  const { application, scale } = manifest;
  const meta = metaOf(application, manifest, platform);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...meta, labels: { ...meta.labels, ...versionLabel(manifest) } },
    spec: {
      // An autoscaler owns the number of replicas: facts/kubernetes.md section 3.
      ...(typeof scale === "number" ? { replicas: scale } : {}),
      revisionHistoryLimit: 10,
      minReadySeconds: MIN_READY_SECONDS,
      progressDeadlineSeconds: deadlineOf(manifest, platform),
      selector: { matchLabels: selectorLabels(application) },
      // The old pods keep serving until new ones are ready.
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 },
      },
      template: {
        metadata: { labels: { ...labelsOf(manifest, platform), ...versionLabel(manifest) } },
        spec: podOf(manifest, platform, digests),
      },
    },
  };
}

/** Seconds that a rollout may take. */
export function deadlineOf({ deploy }: Manifest, { progressDeadlineSeconds }: Platform): number {
  const ms = deploy?.timeout === undefined ? undefined : parseDuration(deploy.timeout);
  return ms === undefined ? progressDeadlineSeconds : Math.ceil(ms / 1_000);
}

function podOf(
  manifest: Manifest,
  platform: Platform,
  digests: ReadonlyMap<string, string>,
): V1PodSpec {
  const certificates = certificateMounts(manifest);
  const writable = writableMounts(manifest);
  const mounted = [...certificates, ...[...writable.values()].flat()];
  const { pullSecrets = [] } = platform;
  return {
    automountServiceAccountToken: false,
    // Variables of all Services of the namespace would make a pod depend on its neighbours.
    enableServiceLinks: false,
    securityContext: { ...podSecurity, ...lowPorts(manifest) },
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + STOP_SECONDS,
    topologySpreadConstraints: spread(manifest.application),
    containers: byKey(manifest.containers).map(([name, container]) => {
      const places = [...certificates, ...(writable.get(name) ?? [])];
      return containerOf({ name, container, digest: digests.get(name) }, places, platform);
    }),
    ...(mounted.length === 0 ? {} : { volumes: mounted.map(({ volume }) => volume) }),
    ...(pullSecrets.length === 0
      ? {}
      : { imagePullSecrets: pullSecrets.toSorted().map((name) => ({ name })) }),
  };
}

const podSecurity = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } as const;

/** A user who is not root may open ports below 1024 only so: a sysctl that Kubernetes calls safe. */
function lowPorts({
  containers,
}: Manifest): Pick<NonNullable<V1PodSpec["securityContext"]>, "sysctls"> {
  const isLow = sortedPorts(Object.values(containers)).some(
    ({ port }) => port <= LAST_PRIVILEGED_PORT,
  );
  return isLow ? { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] } : {};
}

/**
 * Copies apart in zones, then on nodes, where there is room: a wish and no condition, so that a full zone
 * stops no deploy. It stands there for one copy too, since a template that changes with the scale would
 * restart all pods.
 */
function spread(application: string): V1TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorLabels(application) },
    // Pods of the release before do not count.
    matchLabelKeys: ["pod-template-hash"],
  }));
}
