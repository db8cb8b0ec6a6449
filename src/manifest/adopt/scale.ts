import type { Platform } from "../platform.ts";
import { defaultCpuTarget } from "../schema/scale.ts";
import { fits } from "./fits.ts";
import { at, isEmpty, type Json, listAt, numberAt, objectOf, textAt } from "./json.ts";
import type { Live } from "./live.ts";
import type { Remarks, Subject } from "./remarks.ts";

/** Kubernetes' own target, in %: k8s.io/kubernetes, pkg/apis/autoscaling, DefaultCPUUtilization. */
const USUAL_TARGET = 80;

/**
 * `scale`: the range of an autoscaler, else the Deployment's replicas.
 * @param containers as the manifest has them: an autoscaler measures in % of what they ask for
 */
export function scaleField(
  { deployment, autoscalers }: Live,
  containers: Readonly<Record<string, Json>>,
  { defaults }: Platform,
  to: Remarks,
): Json | undefined {
  const [autoscaler] = autoscalers;
  const isMeasured =
    defaults.cpu !== undefined ||
    Object.values(containers).every((each) => !isEmpty(at(each, "cpu")));
  if (autoscaler !== undefined && !isMeasured) {
    const why = "It measures the use of cpu, and not every container asks for some.";
    to.leave(autoscaler, ["spec"], why);
  }
  const range = autoscaler === undefined || !isMeasured ? undefined : rangeOf(autoscaler, to);
  if (range !== undefined) {
    return range;
  }
  // Without a number it is 1: k8s.io/kubernetes, pkg/apis/apps/v1/defaults.go, SetDefaults_Deployment.
  const replicas = at(deployment.value, "spec", "replicas") ?? 1;
  if (fits(["scale"], replicas)) {
    return replicas;
  }
  to.leave(deployment, ["spec", "replicas"], "It is no number of copies that a manifest can have.");
  return undefined;
}

function rangeOf(autoscaler: Subject, to: Remarks): Json | undefined {
  const spec = at(autoscaler.value, "spec");
  const cpu = cpuTarget(autoscaler, to);
  const range = objectOf({
    min: at(spec, "minReplicas") ?? 1,
    max: at(spec, "maxReplicas") ?? 0,
    cpu: cpu === defaultCpuTarget ? undefined : cpu,
  });
  const isInOrder = Number(range["min"]) <= Number(range["max"]);
  if (isInOrder && fits(["scale"], range)) {
    return range;
  }
  const why = "A manifest scales from 1 copy or more up to at least as many.";
  to.leave(autoscaler, ["spec"], why);
  return undefined;
}

/** The one metric of a manifest; of several the first that it can have. */
function cpuTarget(autoscaler: Subject, to: Remarks): number {
  const metrics = listAt(autoscaler.value, "spec", "metrics");
  const targets = metrics.map(targetOf);
  const first = targets.findIndex((target) => target !== undefined);
  targets.forEach((target, index) => {
    if (index !== first) {
      const why =
        target === undefined
          ? "docc's autoscaler follows the use of cpu in % of what copies ask for, up to 100."
          : "The use of cpu is given twice.";
      to.leaveWhole(autoscaler, ["spec", "metrics", index], why);
    }
  });
  return targets[first] ?? (metrics.length === 0 ? USUAL_TARGET : defaultCpuTarget);
}

function targetOf(metric: Json): number | undefined {
  const target = at(metric, "resource", "target");
  const percent = numberAt(target, "averageUtilization");
  const isCpu =
    textAt(metric, "type") === "Resource" && textAt(metric, "resource", "name") === "cpu";
  const isUse = textAt(target, "type") === "Utilization" && isEmpty(at(target, "averageValue"));
  return isCpu && isUse && percent !== undefined && fits(["scale", "cpu"], percent)
    ? percent
    : undefined;
}
