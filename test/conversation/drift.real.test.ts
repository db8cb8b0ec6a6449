import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { driftJob, type Hand } from "./drift.ts";
import { realTarget, type Stage } from "./stage.ts";

const app = "deployment/kubecon-2017";
const kubectl =
  (...args: readonly string[]): Hand["act"] =>
  (stage: Stage) =>
    stage.kubectl("--namespace", stage.apps, ...args);

const hands: readonly Hand[] = [
  {
    what: "rollout undo, which takes docc's annotations back as well",
    act: kubectl("rollout", "undo", app, "--to-revision=1"),
    said: /Deployment kubecon-2017: container kubecon: image {2}2017 -> 2016 \(by kubectl\S*, \S+ \S+ UTC\)/,
  },
  {
    what: "a scale, of which nobody knows when",
    act: kubectl("scale", app, "--replicas=5"),
    said: /Deployment kubecon-2017: replicas {2}3 -> 5 \(by kubectl\)/,
  },
  {
    what: "set image",
    act: kubectl("set", "image", app, "kubecon=registry.corp.example.com/demo/kubecon:2015"),
    said: /Deployment kubecon-2017: container kubecon: image {2}2017 -> 2015 \(by kubectl-set, \S+ \S+ UTC\)/,
  },
  {
    what: "a deleted Service",
    act: kubectl("delete", "service", "kubecon-2017"),
    said: /Service kubecon-2017: deleted by somebody/,
  },
  {
    what: "another label",
    act: kubectl("label", app, "docc.dev/environment=mine", "--overwrite"),
    said: /Deployment kubecon-2017: label docc\.dev\/environment {2}production -> mine \(by kubectl-label, \S+ \S+ UTC\)/,
  },
];

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    driftJob(realTarget(cluster), {
      hands,
      quiet: kubectl("rollout", "restart", app),
      undo: kubectl("rollout", "undo", app),
      scale: (stage, replicas) => kubectl("scale", app, `--replicas=${replicas}`)(stage),
    });
  },
  { fakeNodes: true },
);
