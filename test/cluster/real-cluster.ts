import { describe, inject } from "vitest";
import type { RealCluster } from "./global-setup.ts";

/**
 * Registers a suite on the run's real cluster. Without one, the suite is skipped and its name says
 * why, so that a green run never hides what it did not prove.
 */
export function describeOnRealCluster(
  name: string,
  suite: (cluster: RealCluster) => void,
  needs: { readonly fakeNodes?: boolean } = {},
): void {
  const cluster = inject("realCluster");
  const reason = absence(cluster, needs);
  if (cluster !== undefined && reason === undefined) {
    describe(name, () => suite(cluster));
  } else {
    describe.skip(`${name} [${reason ?? ""}]`, () => undefined);
  }
}

function absence(
  cluster: RealCluster | undefined,
  needs: { readonly fakeNodes?: boolean },
): string | undefined {
  if (cluster === undefined) {
    return inject("realClusterAbsence") ?? "this run has no test/cluster/global-setup.ts";
  }
  if (needs.fakeNodes === true && !cluster.fakeNodes) return "the given cluster runs real images";
  return undefined;
}
