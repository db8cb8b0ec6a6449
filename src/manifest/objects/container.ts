import type {
  V1Container,
  V1ResourceRequirements,
  V1SecurityContext,
  V1VolumeMount,
} from "@kubernetes/client-node";
import type { Platform } from "../platform.ts";
import type { Container } from "../schema/manifest.ts";
import { envOf } from "./env.ts";
import { literal } from "./literal.ts";
import { containerPort, sortedPorts } from "./ports.ts";
import { probesOf } from "./probes.ts";
import type { Mounted } from "./volumes.ts";

/** Seconds that a container goes on serving while it leaves Services, ingresses and caches. */
export const PRE_STOP_SECONDS = 10;

interface NamedContainer {
  readonly name: string;
  readonly container: Container;
  /** What its tag stands for, where a registry was asked. */
  readonly digest: string | undefined;
}

export function containerOf(
  { name, container, digest }: NamedContainer,
  mounted: readonly Mounted[],
  platform: Platform,
): V1Container {
  const { command, args = [] } = container;
  const ports = sortedPorts([container]);
  const env = envOf(container.env);
  return {
    name,
    image: imageOf(container, digest),
    ...(command === undefined ? {} : { command: command.map(literal) }),
    ...(args.length === 0 ? {} : { args: args.map(literal) }),
    ...(env.length === 0 ? {} : { env: [...env] }),
    ...(ports.length === 0 ? {} : { ports: ports.map(containerPort), lifecycle: gracefulStop }),
    ...probesOf(container),
    ...resourcesOf(container, platform),
    securityContext: securityOf(container, platform),
    ...(mounted.length === 0 ? {} : { volumeMounts: mountsOf(mounted) }),
  };
}

/** By path, so that a directory is mounted before what is mounted inside it. */
function mountsOf(mounted: readonly Mounted[]): V1VolumeMount[] {
  return mounted
    .map(({ mount }) => mount)
    .toSorted((left, right) => (left.mountPath < right.mountPath ? -1 : 1));
}

/**
 * The reference that is pulled: a tag, or a digest, which means the same bytes for ever. A tag with its
 * digest behind it is for people: runtimes pull by the digest alone.
 */
function imageOf(
  { image, image_tag: tag = "", image_digest: pinned }: Container,
  digest: string | undefined,
): string {
  if (pinned !== undefined) return `${image}@${pinned}`;
  return digest === undefined ? `${image}:${tag}` : `${image}:${tag}@${digest}`;
}

/**
 * A pod that ends gets traffic for some seconds more, until all who route to it have heard: kubernetes.io,
 * "Termination of Pods". The sleep is the kubelet's own, so the image needs no shell.
 */
const gracefulStop: NonNullable<V1Container["lifecycle"]> = {
  preStop: { sleep: { seconds: PRE_STOP_SECONDS } },
};

/** No limit of cpu: it would throttle a container beside an idle core. Memory cannot be taken back. */
function resourcesOf(
  { cpu: givenCpu, memory: givenMemory }: Container,
  { defaults }: Platform,
): { readonly resources?: V1ResourceRequirements } {
  const cpu = givenCpu ?? defaults.cpu;
  const memory = givenMemory ?? defaults.memory;
  const requests = {
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory }),
  };
  if (Object.keys(requests).length === 0) {
    return {};
  }
  return { resources: { requests, ...(memory === undefined ? {} : { limits: { memory } }) } };
}

/**
 * What the Pod Security Standard "restricted" asks for: kubernetes.io, "Pod Security Standards". An image
 * that works as root only mostly needs the runtime's usual capabilities, too.
 */
function securityOf(
  { read_only: readOnly, run_as_user: user, run_as_root: isRoot = false }: Container,
  { defaults }: Platform,
): V1SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: readOnly ?? defaults.readOnly,
    ...(isRoot ? { runAsNonRoot: false } : { capabilities: { drop: ["ALL"] } }),
    ...(user === undefined ? {} : { runAsUser: user }),
  };
}
