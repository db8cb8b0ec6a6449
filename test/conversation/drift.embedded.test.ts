import { deployments, services } from "../../src/k8s/kinds.ts";
import { driftJob } from "./drift.ts";
import { embedded, type Stage } from "./stage.ts";

const ref = (stage: Stage) => ({ namespace: stage.apps, name: "kubecon-2017" });

const scale = (stage: Stage, replicas: number, fieldManager: string) =>
  stage.world.api.patch(deployments, ref(stage), { spec: { replicas } }, { fieldManager });

const setTag = (stage: Stage, tag: string) => {
  const containers = [{ name: "kubecon", image: `registry.corp.example.com/demo/kubecon:${tag}` }];
  const spec = { template: { spec: { containers } } };
  const part = { apiVersion: "apps/v1", kind: "Deployment", metadata: ref(stage), spec };
  return stage.world.api.apply(part, { fieldManager: "helm", force: true });
};

driftJob(embedded, {
  hands: [
    {
      what: "another image",
      act: (stage) => setTag(stage, "2016"),
      said: /Deployment kubecon-2017: container kubecon: image {2}2017 -> 2016 \(by helm, \S+ \S+ UTC\)/,
    },
    {
      what: "a scale",
      act: (stage) => scale(stage, 5, "kubectl-edit"),
      said: /Deployment kubecon-2017: replicas {2}3 -> 5 \(by kubectl-edit, \S+ \S+ UTC\)/,
    },
    {
      what: "an object that is gone",
      act: (stage) => stage.world.api.delete(services, ref(stage)),
      said: /Service kubecon-2017: deleted by somebody/,
    },
  ],
  scale: (stage, replicas) => scale(stage, replicas, "kube-controller-manager"),
  undo: (stage) => setTag(stage, "2017"),
  quiet: (stage) => {
    const annotations = { "kubectl.kubernetes.io/restartedAt": "2017-12-06T09:02:03Z" };
    const spec = { template: { metadata: { annotations } } };
    return stage.world.api.patch(
      deployments,
      ref(stage),
      { spec },
      {
        fieldManager: "kubectl-rollout",
      },
    );
  },
});
