import type { V1Container, V1Probe, V1Volume } from "@kubernetes/client-node";
import { byKey } from "../canonical.ts";
import { labelsOf, metaOf, selectorLabels } from "./labels.ts";
import { ingressName, needsCertificate, portName, tlsMountPath, tlsSecretName } from "./names.ts";
import type { Deployment } from "./objects.ts";
import type { Platform } from "../platform.ts";
import type { Container, Manifest } from "../schema/manifest.ts";

/** A Secret with a certificate that the pods mount. */
interface Mount {
  readonly volume: string;
  readonly secret: string;
  readonly path: string;
}

export function deploymentOf(manifest: Manifest, platform: Platform): Deployment {
  const { application, containers, scale } = manifest;
  const mounts = mountsOf(manifest);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metaOf(application, application, platform),
    spec: {
      replicas: scale,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: platform.progressDeadlineSeconds,
      selector: { matchLabels: selectorLabels(application) },
      // The old pods keep serving until new ones are ready.
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 },
      },
      template: {
        metadata: { labels: labelsOf(application, platform) },
        spec: {
          automountServiceAccountToken: false,
          // Variables of all Services of the namespace would make a pod depend on its neighbours.
          enableServiceLinks: false,
          containers: byKey(containers).map(([name, each]) => containerOf(name, each, mounts)),
          ...(mounts.length === 0 ? {} : { volumes: mounts.map(volumeOf) }),
        },
      },
    },
  };
}

function containerOf(name: string, container: Container, mounts: readonly Mount[]): V1Container {
  const { image, image_tag: tag, ports } = container;
  const [first] = ports;
  return {
    name,
    image: `${image}:${tag}`,
    ...(first === undefined
      ? {}
      : { ports: containerPorts(ports), readinessProbe: acceptsConnections(first) }),
    ...(mounts.length === 0
      ? {}
      : {
          volumeMounts: mounts.map(({ volume, path }) => ({
            name: volume,
            mountPath: path,
            readOnly: true,
          })),
        }),
  };
}

function containerPorts(ports: readonly number[]): NonNullable<V1Container["ports"]> {
  return ports
    .toSorted((left, right) => left - right)
    .map((port) => ({ name: portName(port), containerPort: port, protocol: "TCP" }));
}

/**
 * manifest.md, `.health`: without it, TCP readiness on the first port; no startup probe. Asked every
 * 2 s instead of Kubernetes' 10: a connection costs nothing, and a rollout of n pods, one after the
 * other, would wait n times for the next look. Ten silent seconds still make a pod unready.
 */
function acceptsConnections(port: number): V1Probe {
  return { tcpSocket: { port }, periodSeconds: 2, failureThreshold: 5 };
}

function mountsOf({ application, ingresses }: Manifest): readonly Mount[] {
  return byKey(ingresses)
    .filter(([, { scheme }]) => needsCertificate(scheme))
    .map(([key]) => {
      const name = ingressName(application, key);
      return { volume: name, secret: tlsSecretName(name), path: tlsMountPath(key) };
    });
}

function volumeOf({ volume, secret }: Mount): V1Volume {
  return { name: volume, secret: { secretName: secret } };
}
