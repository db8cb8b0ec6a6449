import { eventually } from "../support/until.ts";
import { isKubeError } from "../../src/k8s/errors.ts";
import { defineKind, ingresses, type Kind, services } from "../../src/k8s/kinds.ts";
import type { KubeObject, OpaqueObject } from "../../src/k8s/objects.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { realTarget, type Stage } from "../conversation/stage.ts";
import { partialTest } from "./partial.ts";

const admission = "admissionregistration.k8s.io/v1";
const policies = defineKind<OpaqueObject>(
  admission,
  "ValidatingAdmissionPolicy",
  "validatingadmissionpolicies",
  "cluster",
);
const bindings = defineKind<OpaqueObject>(
  admission,
  "ValidatingAdmissionPolicyBinding",
  "validatingadmissionpolicybindings",
  "cluster",
);

/** Something of that kind that the API server stores unless a policy refuses it. */
const probes: Readonly<Record<string, { kind: Kind; spec: unknown }>> = {
  Service: { kind: services, spec: { ports: [{ port: 80 }] } },
  Ingress: {
    kind: ingresses,
    spec: { defaultBackend: { service: { name: "x", port: { number: 80 } } } },
  },
};

describeOnRealCluster(
  "by a ValidatingAdmissionPolicy",
  (cluster) => {
    let refused: string | undefined;
    partialTest(
      realTarget(cluster),
      {
        start: async (stage, kind) => {
          refused = kind;
          await refuse(stage, kind);
          await isRefused(stage, kind, true);
        },
        end: async (stage) => {
          if (refused === undefined) return;
          await stage.world.api.delete(bindings, { name: nameFor(stage) });
          await stage.world.api.delete(policies, { name: nameFor(stage) });
          await isRefused(stage, refused, false);
          refused = undefined;
        },
      },
      Object.keys(probes),
    );
  },
  { fakeNodes: true },
);

function nameFor({ apps }: Stage): string {
  return `refuse-${apps}`;
}

/** Dry runs pass, so that the plan holds and the apply does not. */
async function refuse(stage: Stage, kind: string): Promise<void> {
  const { api } = stage.world;
  const name = nameFor(stage);
  const place = { matchLabels: { "kubernetes.io/metadata.name": stage.apps } };
  const resources = [probes[kind]?.kind.plural];
  const rule = {
    apiGroups: ["*"],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources,
  };
  await api.create(policies, {
    apiVersion: admission,
    kind: policies.kind,
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: { namespaceSelector: place, resourceRules: [rule] },
      validations: [{ expression: "has(request.dryRun) && request.dryRun", message: "not today" }],
    },
  });
  await api.create(bindings, {
    apiVersion: admission,
    kind: bindings.kind,
    metadata: { name },
    spec: { policyName: name, validationActions: ["Deny"] },
  });
}

/** The API server needs a moment to take a policy up, and another to forget it. */
async function isRefused(stage: Stage, kind: string, wanted: boolean): Promise<void> {
  const probe = probes[kind];
  if (probe === undefined) throw new Error(`there is no probe for ${kind}`);
  const { api } = stage.world;
  const ref = { namespace: stage.apps, name: "probe" };
  const { group, version } = probe.kind;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const object = { apiVersion, kind, metadata: ref, spec: probe.spec } as KubeObject;
  await eventually(`${kind} is ${wanted ? "refused" : "taken"}`, async () => {
    try {
      await api.create(probe.kind, object);
      await api.delete(probe.kind, ref);
      return wanted ? undefined : true;
    } catch (error) {
      if (!isKubeError(error, "forbidden", "invalid")) throw error;
      return wanted ? true : undefined;
    }
  });
}
