import { findImage, isValidReference } from "./images.ts";
import { backOffMs } from "./restart.ts";
import { start } from "./run.ts";
import {
  type ContainerContext,
  type ContainerRuntime,
  event,
  type Transition,
  type Waiting,
  waiting,
  type WaitingReason,
} from "./transition.ts";

/** The first step of a container, and of every later attempt to get its image. */
export function beginPull(
  container: ContainerRuntime,
  context: ContainerContext,
  at: number,
): Transition {
  const { image, imagePullPolicy } = context.spec;
  const refuse = (reason: WaitingReason, eventReason: string, message: string): Transition => ({
    at,
    to: { ...container, phase: waiting(reason, message, at + context.timing.resyncMs) },
    events: [
      event(context, at, "Warning", eventReason, message),
      event(context, at, "Warning", "Failed", `Error: ${reason}`),
    ],
  });
  if (!isValidReference(image)) {
    const cause = `couldn't parse image name "${image}": invalid reference format`;
    const message = `Failed to apply default image tag "${image}": ${cause}`;
    return refuse("InvalidImageName", "InspectFailed", message);
  }
  if (imagePullPolicy === "Never" && findImage(context.images, image) === undefined) {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    return refuse("ErrImageNeverPull", "ErrImageNeverPull", message);
  }
  return {
    at,
    to: { ...container, phase: { kind: "pulling", until: at + context.timing.pullMs } },
    events: [event(context, at, "Normal", "Pulling", `Pulling image "${image}"`)],
  };
}

export function finishPull(
  container: ContainerRuntime,
  context: ContainerContext,
  at: number,
): Transition {
  const { spec, timing } = context;
  if (findImage(context.images, spec.image) !== undefined) {
    const took = `in ${timing.pullMs}ms (${timing.pullMs}ms including waiting)`;
    const message = `Successfully pulled image "${spec.image}" ${took}. Image size: 10485760 bytes.`;
    return start(container, context, at, [event(context, at, "Normal", "Pulled", message)]);
  }
  const pullFailures = container.pullFailures + 1;
  const phase: Waiting = {
    kind: "waiting",
    reason: "ErrImagePull",
    message: pullError(spec.image),
    checkAt: at + timing.syncMs,
    until: at + backOffMs(timing, pullFailures),
  };
  const message = `Failed to pull image "${spec.image}": ${pullError(spec.image)}`;
  return {
    at,
    to: { ...container, pullFailures, phase },
    events: [
      event(context, at, "Warning", "Failed", message),
      event(context, at, "Warning", "Failed", "Error: ErrImagePull"),
    ],
  };
}

/** While it backs off, every look at the container says so again. */
export function retryPull(
  container: ContainerRuntime,
  context: ContainerContext,
  phase: Waiting,
): Transition {
  const at = phase.checkAt;
  if (phase.until <= at) return beginPull(container, context, phase.until);
  const backingOff = `Back-off pulling image "${context.spec.image}"`;
  const next: Waiting = {
    ...phase,
    reason: "ImagePullBackOff",
    message: `${backingOff}: ErrImagePull: ${pullError(context.spec.image)}`,
    checkAt: at + context.timing.resyncMs,
  };
  return {
    at,
    to: { ...container, phase: next },
    events: [
      event(context, at, "Normal", "BackOff", backingOff),
      event(context, at, "Warning", "Failed", "Error: ImagePullBackOff"),
    ],
  };
}

/** containerd's words for an image that its registry does not have. */
function pullError(image: string): string {
  const resolving = `failed to resolve reference "${image}": ${image}: not found`;
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": ${resolving}`;
}
