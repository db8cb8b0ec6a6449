import type { AppHealth } from "../commands/ports.ts";
import type { Deployment } from "./kinds.ts";

/** How an app does, by its Deployment alone. */
export function healthOf({ spec, status }: Pick<Deployment, "spec" | "status">): AppHealth {
  return { ready: status?.readyReplicas ?? 0, wanted: spec?.replicas ?? 1 };
}
