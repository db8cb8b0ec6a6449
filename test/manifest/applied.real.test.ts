import { afterAll, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { type Kind, kindOf } from "../../src/k8s/kinds.ts";
import type { KubeObject, Stored } from "../../src/k8s/objects.ts";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { namespacesOf } from "../cluster/support/namespaces.ts";
import { inNamespace } from "./dry-runs.ts";
import { frozenObjects, goldens } from "./goldens.ts";

/** Golden pairs whose images the rig's nodes know. */
const pairs = goldens().filter(({ name }) => name.startsWith("applied/"));

describeOnRealCluster(
  "golden objects on a real control plane",
  (cluster) => {
    const namespaces = namespacesOf(cluster);
    const connection = connect({ kubeconfigPath: cluster.kubeconfigPath, clock: systemClock });
    const api = createApi(connection);
    afterAll(async () => connection.close());

    const apply = async (object: ApplicationObject): Promise<Stored<KubeObject>> =>
      api.apply(object as KubeObject, { fieldManager: "docc" });

    /** Applies what is there already, and returns what that moved; nothing is what it should. */
    const movedByAgain = async (
      object: ApplicationObject,
      first: Stored<KubeObject>,
    ): Promise<readonly string[]> => {
      const before = await api.get(kindFor(object), object.metadata);
      const again = await apply(object);
      const moved = differences(before, again, first);
      // The status is its controller's: where that wrote in between, the moment is asked again.
      return moved.join() === "resourceVersion" ? movedByAgain(object, first) : moved;
    };

    it.concurrent.each(pairs)(
      "of $name roll out, and to apply them again moves nothing",
      { timeout: 90_000 },
      async (golden) => {
        const place = await namespaces.create();
        const objects = frozenObjects(golden).map((each) => inNamespace(each, place.namespace));
        const first: Stored<KubeObject>[] = [];
        for (const object of objects) {
          first.push(await apply(object));
        }
        const rollout = ["rollout", "status", "deployment", "--timeout=60s"];
        expect(await place.ok(rollout)).toContain("successfully rolled out");
        const least = leastReplicas(objects);
        if (least !== undefined) {
          // The autoscaler looks for the first time after 15 s.
          const scaled = `--for=jsonpath={.status.availableReplicas}=${least}`;
          await place.ok(["wait", scaled, "deployment", "--all", "--timeout=60s"]);
        }
        for (const [index, object] of objects.entries()) {
          const created = first[index];
          const moved = created === undefined ? ["all"] : await movedByAgain(object, created);
          expect(moved, `${object.kind} ${object.metadata.name}`).toEqual([]);
        }
        expect(await place.ok(["get", "deployments", "-o", replicas])).toBe(
          String(least ?? fixedReplicas(objects)),
        );
      },
    );
  },
  { fakeNodes: true },
);

const replicas = "jsonpath={.items[*].status.availableReplicas}";

function kindFor({ apiVersion, kind }: ApplicationObject): Kind {
  const known = kindOf(apiVersion, kind);
  if (known === undefined) {
    throw new Error(`docc does not know ${kind}`);
  }
  return known;
}

/** What an apply moved of an object, besides its status. */
function differences(
  before: Stored<KubeObject>,
  again: Stored<KubeObject>,
  first: Stored<KubeObject>,
): readonly string[] {
  return [
    before.metadata.generation === again.metadata.generation ? "" : "generation",
    doccsPart(again) === doccsPart(first) ? "" : "managedFields",
    before.metadata.resourceVersion === again.metadata.resourceVersion ? "" : "resourceVersion",
  ].filter((each) => each !== "");
}

/** What docc owns of an object, and since when. */
function doccsPart({ metadata }: Stored<KubeObject>): string {
  return JSON.stringify(metadata.managedFields?.filter(({ manager }) => manager === "docc"));
}

/** The least copies of an autoscaler, if there is one. */
function leastReplicas(objects: readonly ApplicationObject[]): number | undefined {
  return objects.flatMap((each) =>
    each.kind === "HorizontalPodAutoscaler" ? (each.spec.minReplicas ?? 1) : [],
  )[0];
}

function fixedReplicas(objects: readonly ApplicationObject[]): number | undefined {
  return objects.flatMap((each) =>
    each.kind === "Deployment" ? (each.spec.replicas ?? 1) : [],
  )[0];
}
