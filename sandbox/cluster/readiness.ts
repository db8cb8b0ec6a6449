import { at, type Json, listAt, stringAt } from "./facade/json.ts";
import type { Engine } from "./webernetes.ts";

/**
 * Keeps pods from looking unready for a moment right after they became ready: a sync of the
 * simulated kubelet that began before the probe succeeded may store its older status after the newer
 * one. Such a status is dropped; the sync that the probe's result triggers writes the current one.
 */
export function dropStaleReadiness(engine: Engine): void {
  for (const { kubelet } of engine.servers) {
    const { statusManager, readinessManager } = kubelet;
    const setPodStatus = statusManager.setPodStatus.bind(statusManager);
    statusManager.setPodStatus = async (pod, status) => {
      const stale = listAt(status as Json, "containerStatuses").some((container) => {
        const id = stringAt(container, "containerID") ?? "";
        const running = at(container, "state", "running") !== undefined;
        return (
          running &&
          at(container, "ready") === false &&
          readinessManager.get({ toString: () => id }) === "success"
        );
      });
      return stale ? [status, false] : setPodStatus(pod, status);
    };
  }
}
