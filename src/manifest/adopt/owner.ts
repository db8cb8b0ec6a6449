import type { Platform } from "../platform.ts";
import { fits, refusal } from "./fits.ts";
import { at, isEmpty, type Json, type JsonObject, textAt } from "./json.ts";
import { isOfDocc, type Remarks, type Subject } from "./remarks.ts";

const PLACEHOLDER = "team@example.com";

/** Who is given, else who is stamped on a Deployment of docc's, else a placeholder. */
export function maintainerField(deployment: Subject, given: string | undefined, to: Remarks): Json {
  if (given !== undefined && fits(["maintainer"], given)) {
    return given;
  }
  const stamped = textAt(deployment.value, "metadata", "annotations", "docc.dev/maintainer");
  const names = (stamped ?? "").split(",").filter((name) => fits(["maintainer"], name));
  if (given === undefined && names.length > 0 && fits(["maintainer"], names)) {
    return names;
  }
  const why = given === undefined ? "" : `${refusal(["maintainer"], given)} `;
  to.note(
    `${why}No object says who owns the application: put an e-mail address or a Slack id in place of ${PLACEHOLDER}.`,
  );
  return PLACEHOLDER;
}

/** Labels that name a team, docc's own first. */
const teamLabels = ["docc.dev/team", "team"] as const;

/** The label that gives `team`, if one does. */
export function teamLabel({ value }: Subject): string | undefined {
  return teamLabels.find((key) => {
    const team = textAt(value, "metadata", "labels", key);
    return team !== undefined && fits(["team"], team);
  });
}

export function teamField(deployment: Subject, to: Remarks): string | undefined {
  const label = teamLabel(deployment);
  const team = textAt(deployment.value, "metadata", "labels", teamLabels[0]);
  if (team !== undefined && label !== teamLabels[0]) {
    const path = ["metadata", "labels", teamLabels[0]];
    to.leave(deployment, path, refusal(["team"], team));
  }
  return label === undefined ? undefined : textAt(deployment.value, "metadata", "labels", label);
}

/** SetDefaults_Deployment. */
const USUAL_DEADLINE = 600;

/** `deploy.timeout`, where the Deployment gives a rollout another time than docc and Kubernetes do. */
export function timeoutField(
  deployment: Subject,
  { progressDeadlineSeconds }: Platform,
  to: Remarks,
): JsonObject | undefined {
  const path = ["spec", "progressDeadlineSeconds"];
  const seconds = at(deployment.value, ...path);
  // docc writes the deadline into every Deployment, so there it is no default of Kubernetes.
  const isUsual = seconds === USUAL_DEADLINE && !isOfDocc(deployment);
  if (isEmpty(seconds) || isUsual || seconds === progressDeadlineSeconds) {
    return undefined;
  }
  const timeout = `${JSON.stringify(seconds)}s`;
  if (fits(["deploy", "timeout"], timeout)) {
    return { timeout };
  }
  to.leave(deployment, path, "It is no time for a rollout that a manifest can have.");
  return undefined;
}
