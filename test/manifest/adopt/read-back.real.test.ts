import { afterAll, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createApi } from "../../../src/k8s/api.ts";
import { connect } from "../../../src/k8s/connection.ts";
import type { ApplicationObject } from "../../../src/manifest/objects/objects.ts";
import type { Platform } from "../../../src/manifest/platform.ts";
import { describeOnRealCluster } from "../../cluster/real-cluster.ts";
import { namespacesOf } from "../../cluster/support/namespaces.ts";
import { dryApply, inNamespace } from "../dry-runs.ts";
import { frozenObjects, type Golden, goldens } from "../goldens.ts";
import { adoptAll, again } from "./live.ts";

interface Read {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: unknown;
}

describeOnRealCluster("golden objects as a real API server gives them back", (cluster) => {
  const namespaces = namespacesOf(cluster);
  const connection = connect({ kubeconfigPath: cluster.kubeconfigPath, clock: systemClock });
  const api = createApi(connection);
  afterAll(async () => connection.close());

  /** What it would store, with its defaults; nothing is stored. */
  const readBack = async (
    objects: readonly ApplicationObject[],
    namespace: string,
  ): Promise<readonly Read[]> =>
    Promise.all(
      objects.map(async (each) => (await dryApply(api, inNamespace(each, namespace))) as Read),
    );

  const wrong = async (golden: Golden, namespace: string): Promise<readonly string[]> => {
    const platform: Platform = { ...golden.platform, namespace };
    const read = await readBack(frozenObjects(golden), namespace);
    const adoption = adoptAll(read, platform);
    const listed = adoption.notExpressed.map(({ path, why }) => `${golden.name}: ${path}: ${why}`);
    const meant = await readBack(again(adoption, platform), namespace);
    return [...listed, ...(said(meant) === said(read) ? [] : [`${golden.name} means another`])];
  };

  it("are adopted whole, and mean the same to it", { timeout: 120_000 }, async () => {
    const { namespace } = await namespaces.create();
    const all: string[] = [];
    for (const golden of goldens()) {
      all.push(...(await wrong(golden, namespace)));
    }
    expect(all).toEqual([]);
  });
});

function said(objects: readonly Read[]): string {
  return JSON.stringify(objects.map(({ kind, metadata: { name }, spec }) => [kind, name, spec]));
}
