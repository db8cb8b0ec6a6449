import { readdir, readFile } from "node:fs/promises";
import { parse } from "yaml";
import { installDocc } from "../sandbox/install.ts";
import { systemClock } from "../src/clock.ts";
import { mapAtMost } from "../src/commands/at-most.ts";
import type { KubeApi } from "../src/k8s/api.ts";
import {
  applications,
  type CustomResourceDefinition,
  deployments,
  releases,
} from "../src/k8s/kinds.ts";
import type { OpaqueObject, Stored } from "../src/k8s/objects.ts";
import { asApplication } from "../src/k8s/records.ts";
import { applicationName } from "../src/release/names.ts";

const crds = new URL("../deploy/crds/", import.meta.url);
/** Writes to the API server at a time. */
const writers = 20;
const ageMs = 3 * 24 * 3_600_000;

/** One app that docc has really deployed, as the API server holds it. */
export interface Pattern {
  readonly app: string;
  readonly environment: string;
  /** docc's own namespace, and the applications'. */
  readonly home: string;
  readonly apps: string;
}

/**
 * Makes apps like one that was really deployed: its Release (as many as each shall have), its head and its
 * Deployment, by another name. What is there already, of an earlier run, stays.
 */
export async function copyApp(
  api: KubeApi,
  pattern: Pattern,
  wanted: { readonly apps: readonly string[]; readonly releases: number },
): Promise<void> {
  const head = await api.get(applications, {
    namespace: pattern.home,
    name: applicationName(pattern.app, pattern.environment),
  });
  const name = asApplication(head).status?.current?.release ?? "";
  const release = await api.get(releases, { namespace: pattern.home, name });
  const deployment = await api.get(deployments, { namespace: pattern.apps, name: pattern.app });
  const { items } = await api.listAll(applications, { namespace: pattern.home });
  const there = new Set(items.map(({ metadata }) => metadata.name));
  const missing = wanted.apps.filter(
    (app) => !there.has(applicationName(app, pattern.environment)),
  );
  if (missing.length === 0) return;
  // Their rules let no status begin with its end.
  await applyCrds(api, withoutRules);
  await mapAtMost(writers, missing, async (app) => {
    const copy = <T>(object: T): T => aged(renamed(object, pattern.app, app));
    for (let revision = 1; revision <= wanted.releases; revision += 1) {
      const isLast = revision === wanted.releases;
      const older = name.replace(/[0-9a-f]{12}$/u, revision.toString(16).padStart(12, "0"));
      const made = isLast ? release : renamed(release, name, older);
      const status = { ...(made.status as object), revision };
      await store(api, releases, copy({ ...made, status }));
    }
    const { spec } = deployment;
    const { annotations = {}, labels = {} } = deployment.metadata;
    const metadata = { name: pattern.app, namespace: pattern.apps, annotations, labels };
    await api.apply(copy({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec }), {
      fieldManager: "docc",
      force: true,
    });
    // Last: by it the next run knows that an app is complete.
    await store(api, applications, copy({ ...head, status: statusAt(head, wanted.releases) }));
  });
  await installDocc(api, { namespaces: [pattern.home, pattern.apps], clock: systemClock });
}

/** Of an app whose newest release has that revision. */
function statusAt({ status }: Stored<OpaqueObject>, revision: number): object {
  const { applied, current, ...others } = status as { applied: object; current: object };
  return {
    ...others,
    applied: { ...applied, revision },
    current: { ...current, revision },
    nextRevision: revision + 1,
  };
}

/** Creates a record, and its status as it is. */
async function store(
  api: KubeApi,
  kind: typeof releases,
  { metadata, spec, status }: Stored<OpaqueObject>,
): Promise<void> {
  const { name, namespace, labels = {} } = metadata;
  const object = { metadata: { name, namespace, labels }, spec } as OpaqueObject;
  const made = await api.create(kind, object);
  await api.replace(kind, { ...made, status } as typeof made, { subresource: "status" });
}

function renamed<T>(object: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(object).replaceAll(from, to)) as T;
}

/** Days ago: of what has just ended docc would still tell Slack. */
function aged<T>(object: T): T {
  const text = JSON.stringify(object).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, (at) =>
    new Date(Date.parse(at) - ageMs).toISOString(),
  );
  return JSON.parse(text) as T;
}

async function applyCrds(
  api: KubeApi,
  change: (crd: CustomResourceDefinition) => CustomResourceDefinition,
): Promise<void> {
  for (const file of (await readdir(crds)).toSorted()) {
    const crd = parse(await readFile(new URL(file, crds), "utf8")) as CustomResourceDefinition;
    await api.apply(change(crd), { fieldManager: "kubectl", force: true });
  }
}

function withoutRules(crd: CustomResourceDefinition): CustomResourceDefinition {
  const text = JSON.stringify(crd, (key, value: unknown) =>
    key === "x-kubernetes-validations" ? undefined : value,
  );
  return JSON.parse(text) as CustomResourceDefinition;
}
