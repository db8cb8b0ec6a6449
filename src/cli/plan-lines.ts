import type { Identity, Plan, Release } from "../release/release.ts";
import { oneLine } from "../text/clean.ts";

/** What somebody must know before they decide: every text in it may be a stranger's. */
export function planLines({ metadata, spec, status }: Release, plan: Plan): readonly string[] {
  const { changes, risks, warnings, policy } = plan;
  const app = status?.app ?? spec.app ?? "";
  const versions = plan.from === "" ? plan.to : `${plan.from} -> ${plan.to}`;
  const moved = changes.filter(({ action }) => action !== "unchanged");
  const still = changes.length - moved.length;
  const given = status?.approvals ?? [];
  return [
    `${app} -> ${spec.environment}: ${versions}`,
    `Release ${metadata.name} (${spec.kind}), ${status?.phase ?? "accepted"}, asked by ${nameOf(spec.requester)}${spec.reason === undefined ? "" : `: ${spec.reason}`}`,
    ...moved.map(
      ({ action, kind, name, note }) =>
        `  ${action} ${kind} ${name}${note === "" ? "" : `: ${note}`}`,
    ),
    ...(still === 0 ? [] : [`  unchanged: ${still}`]),
    ...(risks.length === 0 ? ["Known risks: none"] : risks.map((risk) => `Risk: ${risk}`)),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(policy.emergency ? [`Emergency, past the rules: ${spec.emergency ?? ""}`] : []),
    ...(policy.approvals === 0 ? [] : [`Approvals: ${given.length} of ${policy.approvals}`]),
    ...given.map(({ by, at }) => `  by ${nameOf(by)} at ${at}`),
    ...(plan.expiresAt === undefined ? [] : [`Until ${plan.expiresAt}`]),
    `Plan ${plan.digest}`,
  ].map((line) => line.slice(0, line.search(/\S|$/u)) + oneLine(line));
}

function nameOf({ provider, user }: Identity): string {
  return provider === "docc" ? "docc itself" : `${user} (${provider})`;
}
