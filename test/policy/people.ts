import type { EnvironmentRules, Organisation } from "../../src/policy/rules.ts";
import { openRules } from "../../src/policy/rules.ts";

export const organisation: Organisation = {
  operators: ["UOPERATOR"],
  roles: { oncall: ["SONCALL"], managers: ["UMANAGER", "role:oncall"] },
  teams: { web: ["UWEB", "lead@example.com"] },
};

/** Rules of an environment whose plans somebody must approve. */
export function rules(
  approval: Partial<EnvironmentRules["approval"]> = {},
  rest: Partial<Omit<EnvironmentRules, "approval">> = {},
): EnvironmentRules {
  return { ...openRules, ...rest, approval: { ...openRules.approval, count: 1, ...approval } };
}
