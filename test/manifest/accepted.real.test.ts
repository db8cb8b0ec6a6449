import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { parse } from "yaml";
import { systemClock } from "../../src/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import type { ApplicationObject, Deployment } from "../../src/manifest/objects/objects.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import { translate } from "../../src/manifest/translate.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";
import { manifests } from "./arbitrary.ts";
import { dryApply, dryPod, inNamespace, refusalsOf } from "./dry-runs.ts";
import { frozenObjects, type Golden, goldens, manifestOf } from "./goldens.ts";
import { platforms } from "./platforms.ts";

const pairs = goldens();

/** Whether a container of the manifest runs as root, which only some namespaces allow. */
function asksForRoot({ text }: Golden): boolean {
  const { containers } = parse(text) as { containers: Record<string, { run_as_root?: boolean }> };
  return Object.values(containers).some((container) => container.run_as_root === true);
}

function deploymentOf(golden: Golden): Deployment {
  const deployment = frozenObjects(golden).find((object) => object.kind === "Deployment");
  if (deployment === undefined) {
    throw new Error(`${golden.name} has no Deployment`);
  }
  return deployment;
}

/** What is asked about objects: their names and, in front, where they come from. */
const named = (from: string, objects: readonly ApplicationObject[]) =>
  objects.map((item) => ({ name: `${from}: ${item.kind} ${item.metadata.name}`, item }));

/** The API server's own judgement of what docc makes of manifests; nothing of it is stored. */
describeOnRealCluster("a real API server", (cluster) => {
  const namespaces = namespacesOf(cluster);
  const connection = connect({ kubeconfigPath: cluster.kubeconfigPath, clock: systemClock });
  const api = createApi(connection);
  afterAll(async () => connection.close());

  /** What it refuses of objects, in a strict dry run in a namespace of their own. */
  const refused = async (objects: ReturnType<typeof named>) => {
    const { namespace } = await namespaces.create();
    return refusalsOf(objects, async (object) => dryApply(api, inNamespace(object, namespace)));
  };

  /** A namespace that admits pods by a Pod Security Standard. */
  const securedBy = async (standard: "restricted" | "baseline"): Promise<InNamespace> => {
    const place = await namespaces.create();
    const label = (key: string, value: string) => `pod-security.kubernetes.io/${key}=${value}`;
    const labels = [label("enforce", standard), label("enforce-version", "latest")];
    await place.ok(["label", "namespace", place.namespace, ...labels]);
    // No pod is admitted before it.
    await place.ok(["wait", "--for=create", "serviceaccount/default", "--timeout=30s"]);
    return place;
  };

  /** What it refuses of the pods of golden pairs under a Pod Security Standard. */
  const refusedPods = async (standard: "restricted" | "baseline", of: readonly Golden[]) => {
    const { namespace } = await securedBy(standard);
    const questions = of.map((golden) => ({ name: golden.name, item: deploymentOf(golden) }));
    return refusalsOf(questions, async (deployment) => dryPod(api, deployment, namespace));
  };

  it("accepts every object of every golden file in a strict dry run", async () => {
    const all = pairs.flatMap((golden) => named(golden.name, frozenObjects(golden)));
    expect(all.length).toBeGreaterThan(400);
    expect(await refused(all)).toEqual([]);
  });

  it("accepts every object of every example for people to copy", async () => {
    const all = globSync("examples/*").flatMap((file) => {
      const manifest = manifestOf(readFileSync(file, "utf8"), platforms.default);
      return named(file, translate(manifest, platforms.default));
    });
    expect(await refused(all)).toEqual([]);
  });

  it("admits every golden pod under the standard restricted, but those that run as root", async () => {
    const roots = pairs.filter(asksForRoot);
    const others = pairs.filter((golden) => !asksForRoot(golden));
    expect(await refusedPods("restricted", others)).toEqual([]);
    const refusals = await refusedPods("restricted", roots);
    expect(refusals).toHaveLength(roots.length);
    for (const refusal of refusals) {
      expect(refusal).toContain('violates PodSecurity "restricted:latest"');
      expect(refusal).toContain("runAsNonRoot != true");
    }
  });

  it("admits every golden pod under the standard baseline, root too", async () => {
    expect(pairs.filter(asksForRoot)).not.toEqual([]);
    expect(await refusedPods("baseline", pairs)).toEqual([]);
  });

  it("accepts the objects of a hundred random manifests, by Ingress and by Gateway API", async () => {
    const seed = Date.now();
    const all = fc.sample(manifests, { numRuns: 100, seed }).flatMap((written, index) => {
      const platform = index % 2 === 0 ? platforms.default : platforms.gateway;
      const text = JSON.stringify(written);
      return named(`seed ${seed}: ${text}`, translate(manifestOf(text, platform), platform));
    });
    expect(all.length).toBeGreaterThan(100);
    expect(await refused(all), `seed ${seed}`).toEqual([]);
  });

  const everything = "containers/everything";
  it.each([
    [everything, '"readinessProbe":', '"readinesProbe":', "readinesProbe: field not declared"],
    [everything, '"name":"metrics"', '"name":"port-8080"', "ports[3].name: Duplicate value"],
    [everything, '"maxReplicas":6', '"maxReplicas":1', "greater than or equal to"],
    [everything, '"secretName":', '"secretname":', "secretname: field not declared in schema"],
    ["gateway/several", '"hostnames":', '"hosts":', "hosts: field not declared in schema"],
    ["gateway/several", '"PathPrefix"', '"Prefix"', "path.type: Unsupported value"],
    ["gateway/several", '"mode":"Passthrough"', '"mode":"Pass"', "tls.mode: Unsupported value"],
  ])(
    "refuses %s with %s changed to %s, so that the above can fail",
    async (name, from, to, why) => {
      const golden = pairs.find((each) => each.name === name);
      const text = JSON.stringify(golden === undefined ? [] : frozenObjects(golden));
      const objects = JSON.parse(text.replaceAll(from, to)) as readonly ApplicationObject[];
      expect((await refused(named(name, objects))).join("\n")).toContain(why);
    },
  );

  it("is of one mind with kubectl, asked with one golden file of each theme", async () => {
    const firsts = new Map(pairs.toReversed().map((golden) => [golden.name.split("/")[0], golden]));
    const place = await namespaces.create();
    for (const golden of firsts.values()) {
      const objects = frozenObjects(golden).map((each) => inNamespace(each, place.namespace));
      const words = ["apply", "--dry-run=server", "--validate=strict", "-f", "-"];
      const said = await place.ok(words, renderYaml(objects));
      expect(said.trim().split("\n"), golden.name).toHaveLength(objects.length);
      expect(said).toMatch(/^(?:\S+ created \(server dry run\)\n)+$/u);
    }
  });
});
