import type { Event, Pod } from "../k8s/kinds.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import type { Cause, CauseCode } from "./release.ts";

type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];
type Waiting = NonNullable<NonNullable<ContainerStatus["state"]>["waiting"]>;
type Terminated = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

/**
 * What ails one pod. `hard` problems do not heal by waiting: after `holdMs` they may end a rollout
 * early; soft ones are told and waited for. facts/kubernetes.md section 1.
 */
export interface Problem extends Cause {
  readonly hard: boolean;
  readonly holdMs: number;
  /** RFC 3339, whole seconds: when the container ended, if that is the problem. */
  readonly endedAt?: string;
  /** Whose log tells more: fetched before the cause is told. */
  readonly log?: { readonly pod: string; readonly container: string; readonly previous: boolean };
}

/** Restarts of one container after which it is not a hiccup any more. */
const restartsOfOne = 3;
/** Restarts of every new pod after which the rollout is doomed. */
const restartsOfAll = 2;

/** The most telling problem of a pod, a hard one first; undefined for a healthy or starting one. */
export function diagnose(pod: Pod, warnings: readonly Event[]): Problem | undefined {
  const containers = containersOf(pod);
  const problems = containers.flatMap((container) => ofContainer(pod, container) ?? []);
  return (
    problems.find(({ hard }) => hard) ??
    problems[0] ??
    unschedulable(pod) ??
    waitingForVolume(pod, warnings) ??
    unready(pod, containers, warnings)
  );
}

function containersOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function ofContainer(pod: Pod, container: ContainerStatus): Problem | undefined {
  // Healed, whatever it did before; an init container that is done is ready too.
  if (container.ready) return undefined;
  const waiting = container.state?.waiting;
  const ended = container.state?.terminated ?? container.lastState?.terminated;
  return (
    (waiting && pullProblem(container, waiting)) ??
    (waiting && configProblem(container, waiting)) ??
    cannotRun(container, waiting, ended) ??
    (ended && crash(pod, container, ended))
  );
}

function problem(
  code: CauseCode,
  sentence: string,
  rest: {
    evidence?: string | undefined;
    next?: string;
    hard?: boolean;
    holdMs?: number;
    endedAt?: string | undefined;
    log?: Problem["log"];
  },
): Problem {
  const evidence = cap(oneLine(rest.evidence ?? ""), 300);
  return {
    code,
    sentence: cap(oneLine(sentence), 200),
    evidence: evidence === "" ? [] : [evidence],
    next: rest.next ?? "",
    hard: rest.hard ?? false,
    holdMs: rest.holdMs ?? 0,
    ...(rest.endedAt === undefined ? {} : { endedAt: rest.endedAt }),
    ...(rest.log === undefined ? {} : { log: rest.log }),
  };
}

const pullReasons = new Set(["ErrImagePull", "ImagePullBackOff"]);
const imageReasons = new Set(["InvalidImageName", "ErrImageNeverPull"]);

function pullProblem({ image }: ContainerStatus, waiting: Waiting): Problem | undefined {
  const { reason = "", message = "" } = waiting;
  if (imageReasons.has(reason)) {
    return problem("image-invalid", `the image name ${image} cannot be used`, {
      evidence: message,
      next: "correct image and image_tag",
      hard: true,
    });
  }
  if (!pullReasons.has(reason)) return undefined;
  // The name may hold any of these words.
  const answer = message.replaceAll(image, "");
  // First: to strangers Docker Hub says "does not exist or may require 'docker login'".
  if (/unauthorized|denied|forbidden|pull access/i.test(answer)) {
    return problem("image-unauthorized", `the cluster may not pull ${image}`, {
      evidence: message,
      next: "check the pull secret of the registry",
      hard: true,
      holdMs: 60_000,
    });
  }
  if (/not found|manifest unknown|NotFound|does not exist/i.test(answer)) {
    return problem("image-not-found", `image ${image} does not exist`, {
      evidence: message,
      next: "push the image or name a tag that exists",
      hard: true,
      holdMs: 20_000,
    });
  }
  return problem("not-ready", `image ${image} is not pulled yet`, {
    evidence: message,
    next: "check that the registry answers",
  });
}

function configProblem({ name }: ContainerStatus, waiting: Waiting): Problem | undefined {
  if (waiting.reason !== "CreateContainerConfigError") return undefined;
  const message = waiting.message ?? "";
  if (/runAsNonRoot|non-root/.test(message)) {
    return problem(
      "cannot-run",
      `${name} may not start: its image runs as root, or names its user by a word`,
      {
        evidence: message,
        next: "build the image with a numeric USER other than 0",
        hard: true,
        holdMs: 30_000,
      },
    );
  }
  return problem(
    "config-missing",
    `${name} cannot start: ${message || "its configuration is missing"}`,
    {
      next: "create it, or correct its name",
      hard: !/failed to sync .* cache/.test(message),
      holdMs: 60_000,
    },
  );
}

const runReasons = new Set([
  "CreateContainerError",
  "RunContainerError",
  "StartError",
  "ContainerCannotRun",
]);

function cannotRun(
  { name, restartCount }: ContainerStatus,
  waiting: Waiting | undefined,
  ended: Terminated | undefined,
): Problem | undefined {
  const reason = [waiting?.reason, ended?.reason].find((each) => runReasons.has(each ?? ""));
  const code = ended?.exitCode;
  const message = ended?.message ?? waiting?.message ?? "";
  const wrongArchitecture = /exec format error/.test(message);
  if (reason === undefined && code !== 126 && code !== 127 && !wrongArchitecture) return undefined;
  return problem(
    "cannot-run",
    `${name} cannot be started${code === undefined ? "" : ` (exit code ${code})`}`,
    {
      evidence: message,
      next: wrongArchitecture
        ? "build the image for the cluster's processors"
        : "check that the image holds its command",
      hard: code !== 128 || restartCount >= restartsOfOne,
      holdMs: 30_000,
      endedAt: ended?.finishedAt,
    },
  );
}

function crash(pod: Pod, container: ContainerStatus, ended: Terminated): Problem | undefined {
  const { name, restartCount } = container;
  const isDown = container.state?.running === undefined;
  if (restartCount === 0 && !isDown) return undefined;
  const log = { pod: pod.metadata?.name ?? "", container: name, previous: restartCount > 0 };
  const hard = restartCount >= restartsOfAll;
  const endedAt = ended.finishedAt;
  if (ended.reason === "OOMKilled") {
    return problem("out-of-memory", `${name} was killed: it used more memory than its limit`, {
      next: "raise memory, or find what uses it",
      hard,
      endedAt,
      log,
    });
  }
  if (ended.exitCode === 0) {
    return problem("exits", `${name} ends by itself with code 0; an app must keep running`, {
      next: "run a process that stays",
      hard: restartCount >= restartsOfOne,
      endedAt,
      log,
    });
  }
  return problem("crash-loop", `${name} exits with code ${ended.exitCode} at start`, {
    next: "mend what its last lines say, and deploy again",
    hard,
    endedAt,
    log,
  });
}

/** True when one container alone has restarted too often to wait for the others. */
export function isHopeless(pod: Pod): boolean {
  return containersOf(pod).some(
    ({ restartCount, ready }) => restartCount >= restartsOfOne && !ready,
  );
}

function unschedulable(pod: Pod): Problem | undefined {
  const condition = (pod.status?.conditions ?? []).find(({ type }) => type === "PodScheduled");
  if (condition?.status !== "False" || condition.reason !== "Unschedulable") return undefined;
  return problem("unschedulable", "the cluster has no room for a pod", {
    evidence: condition.message,
    next: "free resources or add nodes",
  });
}

function latest(
  pod: Pod,
  warnings: readonly Event[],
  reasons: readonly string[],
): Event | undefined {
  return warnings.findLast(
    ({ involvedObject, reason }) =>
      involvedObject.name === pod.metadata?.name && reasons.includes(reason ?? ""),
  );
}

function waitingForVolume(pod: Pod, warnings: readonly Event[]): Problem | undefined {
  const event = latest(pod, warnings, ["FailedMount", "FailedAttachVolume"]);
  if (event === undefined || pod.status?.phase !== "Pending") return undefined;
  return problem("waiting-for-volume", "a volume cannot be mounted", {
    evidence: event.message,
    next: "check that what it mounts exists",
  });
}

function unready(
  pod: Pod,
  containers: readonly ContainerStatus[],
  warnings: readonly Event[],
): Problem | undefined {
  const container = containers.find(({ ready, state }) => !ready && state?.running !== undefined);
  if (container === undefined) return undefined;
  const event = latest(pod, warnings, ["Unhealthy"]);
  if (event === undefined) return undefined;
  return problem("not-ready", `${container.name} runs, but does not become ready`, {
    evidence: event.message,
    next: "check that it listens on its port",
    log: { pod: pod.metadata?.name ?? "", container: container.name, previous: false },
  });
}
