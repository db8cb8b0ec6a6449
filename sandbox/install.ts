import { readdir, readFile } from "node:fs/promises";
import { parse } from "yaml";
import { type Clock, sleep } from "../src/clock.ts";
import type { KubeApi } from "../src/k8s/api.ts";
import { isKubeError } from "../src/k8s/errors.ts";
import {
  applications,
  auditRecords,
  auditSegments,
  commands,
  decisions,
  type CustomResourceDefinition,
  namespaces,
  preferences,
  releases,
} from "../src/k8s/kinds.ts";

const crdFolder = new URL("../deploy/crds/", import.meta.url);
const patienceMs = 15_000;

/** What `kubectl apply -f deploy/crds` and `kubectl create namespace` do: docc's first installation. */
export async function installDocc(
  api: KubeApi,
  options: { readonly namespaces: readonly string[]; readonly clock: Clock },
): Promise<void> {
  await Promise.all(options.namespaces.map((name) => ensureNamespace(api, name)));
  for (const file of (await readdir(crdFolder)).toSorted()) {
    const crd = parse(await readFile(new URL(file, crdFolder), "utf8")) as CustomResourceDefinition;
    await api.apply(crd, { fieldManager: "kubectl", force: true });
  }
  await Promise.all(
    [releases, applications, decisions, commands, preferences, auditRecords, auditSegments].map(
      (kind) => isServed(api, kind, options.clock),
    ),
  );
}

async function ensureNamespace(api: KubeApi, name: string): Promise<void> {
  try {
    await api.create(namespaces, { metadata: { name } });
  } catch (error) {
    if (!isKubeError(error, "already-exists")) throw error;
  }
}

/** A fresh definition is served a moment after it is stored. */
async function isServed(api: KubeApi, kind: typeof releases, clock: Clock): Promise<void> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    try {
      await api.listAll(kind, { limit: 1 });
      return;
    } catch (error) {
      if (!isKubeError(error, "not-served", "not-found") || clock.now() > deadline) throw error;
      await sleep(clock, 50);
    }
  }
}
