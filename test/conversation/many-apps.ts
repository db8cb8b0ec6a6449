import { applications } from "../../src/k8s/kinds.ts";
import { running } from "../commands/ports.ts";
import type { Stage } from "./stage.ts";

/** Records of so many apps `TEAM-N` that nobody has deployed: for lists that are longer than a page. */
export async function recordApps(
  stage: Stage,
  count: number,
  { team = "shop", environment = "staging" } = {},
): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    const { spec, status } = running(`${team}-${number}`, { team }, environment);
    const ref = { name: `${environment}.${spec.app}`, namespace: stage.home };
    await stage.world.api.create(applications, { metadata: ref, spec });
    await stage.world.api.patch(applications, ref, { status }, { subresource: "status" });
  }
}
