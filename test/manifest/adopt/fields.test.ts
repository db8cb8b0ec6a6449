import { describe, expect, it } from "vitest";
import { adopt } from "../../../src/manifest/adopt/adopt.ts";
import { defaultPlatform, type Platform } from "../../../src/manifest/platform.ts";
import type { Json } from "../../../src/manifest/reading/tree.ts";

interface Changes {
  readonly spec?: object;
  readonly pod?: object;
  readonly container?: object;
  readonly containers?: readonly object[];
  readonly metadata?: object;
  readonly others?: readonly object[];
  readonly platform?: Partial<Platform>;
}

/** The least Deployment that runs, of an image that is not root's, with what a test adds. */
function adopted({ spec, pod, container, containers, metadata, others = [], platform }: Changes) {
  const app = { name: "app", image: "registry.example.com/team/app:2017", ...container };
  const deployment = {
    kind: "Deployment",
    metadata: { name: "web", ...metadata },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        spec: { containers: containers ?? [app], securityContext: { runAsUser: 1000 }, ...pod },
      },
      ...spec,
    },
  };
  const adoption = adopt(deployment, others, {
    platform: { ...defaultPlatform, ...platform },
    maintainer: "team@corp.example.com",
  });
  const [only] = Object.values(Object(adoption.manifest["containers"]) as Record<string, Json>);
  const told = adoption.notExpressed.map(({ path, why }) => `${path}: ${why}`);
  return { ...adoption, container: Object(only) as Record<string, Json>, told };
}

describe("of a container adopt writes", () => {
  it.each<readonly [string, object, object]>([
    ["a tag", { image: "nginx:1.10" }, { image: "nginx", image_tag: "1.10" }],
    ["no tag as Kubernetes means it", { image: "nginx" }, { image_tag: "latest" }],
    [
      "a registry's port",
      { image: "localhost:5000/a" },
      { image: "localhost:5000/a", image_tag: "latest" },
    ],
    [
      "a digest",
      { image: `nginx@sha256:${"a".repeat(64)}` },
      { image: "nginx", image_digest: `sha256:${"a".repeat(64)}` },
    ],
    ["a port by its number", { ports: [{ containerPort: 80, name: "port-80" }] }, { ports: [80] }],
    [
      "name and protocol of a port",
      { ports: [{ containerPort: 53, name: "dns", protocol: "UDP" }] },
      { ports: [{ port: 53, name: "dns", protocol: "UDP" }] },
    ],
    ["text as a process gets it", { args: ["$$(A) $$ $(date)"] }, { args: ["$(A) $ $(date)"] }],
    ["an empty variable", { env: [{ name: "A" }] }, { env: { A: "" } }],
    [
      "a key of a Secret",
      {
        env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: false } } }],
      },
      { env: { A: { secret: "s", key: "k" } } },
    ],
    ["cpu in cores", { resources: { requests: { cpu: 2 } } }, { cpu: "2" }],
    ["cpu in a unit of its own", { resources: { requests: { cpu: "500000u" } } }, { cpu: "500m" }],
    ["bytes in a unit", { resources: { limits: { memory: "536870912" } } }, { memory: "512Mi" }],
    ["a limit of cpu as what is asked for", { resources: { limits: { cpu: "1" } } }, { cpu: "1" }],
    ["a root file system that can be written to", {}, { read_only: false }],
    ["a user", { securityContext: { runAsUser: 33 } }, { run_as_user: 33 }],
    [
      "a health check of all probes",
      {
        ports: [{ containerPort: 8080, name: "http" }],
        readinessProbe: { httpGet: { path: "/up", port: "http", scheme: "HTTPS" } },
        livenessProbe: { httpGet: { path: "/up", port: 8080, scheme: "HTTPS" } },
        startupProbe: {
          httpGet: { path: "/up", port: 8080, scheme: "HTTPS" },
          initialDelaySeconds: 10,
          periodSeconds: 5,
          failureThreshold: 21,
        },
      },
      { health: { path: "/up", tls: true, start_seconds: 110, restart_when_unhealthy: true } },
    ],
    [
      "a health check by a port that is not the first",
      {
        ports: [{ containerPort: 80 }, { containerPort: 81 }],
        livenessProbe: { httpGet: { port: 81 } },
      },
      { health: { path: "/", port: 81, restart_when_unhealthy: true } },
    ],
    [
      "a health check by a command",
      { readinessProbe: { exec: { command: ["check", "$$(x)"] } } },
      { health: { command: ["check", "$(x)"] } },
    ],
    [
      "no health check for readiness that docc has by itself, with its port first",
      {
        ports: [{ containerPort: 80 }, { containerPort: 81 }],
        readinessProbe: { tcpSocket: { port: 81 } },
      },
      { ports: [81, 80] },
    ],
  ])("%s", (_, container, fields) => {
    const result = adopted({ container: { ...container } });
    expect(result.container).toMatchObject(fields);
    const listed = result.told.filter((line) => !line.includes("limits.cpu"));
    expect(listed).toEqual([]);
  });

  it.each<readonly [string, Changes, object]>([
    [
      "root by its number",
      { container: { securityContext: { runAsUser: 0 } } },
      { run_as_root: true },
    ],
    [
      "root where it is allowed in so many words",
      { pod: { securityContext: { runAsNonRoot: false } } },
      { run_as_root: true },
    ],
    [
      "the pod's user",
      { pod: { securityContext: { runAsUser: 5 } }, container: { securityContext: {} } },
      { run_as_user: 5 },
    ],
    [
      "its own directories",
      {
        pod: { volumes: [{ name: "a", emptyDir: {} }, { name: "b" }] },
        container: {
          volumeMounts: [
            { name: "a", mountPath: "/a/" },
            { name: "b", mountPath: "/b" },
          ],
        },
      },
      { writable: ["/a", "/b"] },
    ],
  ])("%s", (_, changes, fields) => {
    expect(adopted(changes).container).toMatchObject(fields);
  });
});

describe("adopt lists", () => {
  it.each<readonly [string, Changes]>([
    [
      "metadata.ownerReferences[0]",
      { metadata: { ownerReferences: [{ kind: "Shop", name: "s" }] } },
    ],
    ["metadata.annotations.team", { metadata: { annotations: { team: "x" } } }],
    ["metadata.labels", { metadata: { labels: { tier: "x" } } }],
    ["metadata.name", { metadata: { name: "Web.1" } }],
    ["spec.paused", { spec: { paused: true } }],
    ["spec.strategy.type", { spec: { strategy: { type: "Recreate" } } }],
    ["spec.replicas", { spec: { replicas: -1 } }],
    ["spec.progressDeadlineSeconds", { spec: { progressDeadlineSeconds: 5 } }],
    ["spec.minReadySeconds", { spec: { minReadySeconds: 60 } }],
    ["spec.template.spec.hostNetwork", { pod: { hostNetwork: true } }],
    ["spec.template.spec.affinity", { pod: { affinity: { nodeAffinity: { x: [1] } } } }],
    ["spec.template.spec.nodeSelector", { pod: { nodeSelector: { a: "b" } } }],
    ["spec.template.spec.tolerations", { pod: { tolerations: [{ key: "a" }] } }],
    [
      "spec.template.spec.serviceAccountName",
      { pod: { serviceAccountName: "x", serviceAccount: "x" } },
    ],
    [
      "spec.template.spec.automountServiceAccountToken",
      { pod: { automountServiceAccountToken: true } },
    ],
    ["spec.template.spec.initContainers[0]", { pod: { initContainers: [{ name: "x" }] } }],
    ["spec.template.spec.imagePullSecrets[0]", { pod: { imagePullSecrets: [{ name: "x" }] } }],
    ["spec.template.spec.priorityClassName", { pod: { priorityClassName: "x" } }],
    [
      "spec.template.spec.terminationGracePeriodSeconds",
      { pod: { terminationGracePeriodSeconds: 5 } },
    ],
    [
      "spec.template.spec.securityContext.fsGroup",
      { pod: { securityContext: { runAsUser: 1, fsGroup: 2 } } },
    ],
    [
      "spec.template.spec.containers[0].securityContext.privileged",
      { container: { securityContext: { privileged: true } } },
    ],
    [
      "spec.template.spec.containers[0].securityContext.capabilities.add",
      { container: { securityContext: { capabilities: { add: ["NET_ADMIN"] } } } },
    ],
    [
      "spec.template.spec.containers[0].securityContext.runAsUser",
      { container: { securityContext: { runAsUser: 0 } } },
    ],
    [
      "spec.template.spec.containers[0].imagePullPolicy",
      { container: { imagePullPolicy: "Never" } },
    ],
    [
      "spec.template.spec.containers[0].lifecycle.postStart",
      { container: { lifecycle: { postStart: { exec: { command: ["x"] } } } } },
    ],
    [
      "spec.template.spec.containers[0].envFrom",
      { container: { envFrom: [{ secretRef: { name: "x" } }] } },
    ],
    [
      "spec.template.spec.containers[0].env[0]",
      { container: { env: [{ name: "a.b", value: "1" }] } },
    ],
    [
      "spec.template.spec.containers[0].env[1]",
      {
        container: {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "$(A)" },
          ],
        },
      },
    ],
    [
      "spec.template.spec.containers[0].args[0]",
      { container: { args: ["$(A)"], env: [{ name: "A", value: "1" }] } },
    ],
    ["spec.template.spec.containers[0].image", { container: { image: "a:1@sha256:aa" } }],
    [
      "spec.template.spec.containers[0].image",
      { container: { image: `a:1@sha256:${"a".repeat(64)}` } },
    ],
    ["spec.template.spec.containers[0].image", { container: { image: "Team/App:1" } }],
    [
      "spec.template.spec.containers[0].ports[0]",
      { container: { ports: [{ containerPort: 1, protocol: "SCTP" }] } },
    ],
    [
      "spec.template.spec.containers[0].ports[0].hostPort",
      { container: { ports: [{ containerPort: 1, hostPort: 1 }] } },
    ],
    [
      "spec.template.spec.containers[0].ports[1]",
      { container: { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }] } },
    ],
    [
      "spec.template.spec.containers[0].resources.limits.cpu",
      { container: { resources: { limits: { cpu: "1" } } } },
    ],
    [
      "spec.template.spec.containers[0].resources.limits.memory",
      { container: { resources: { limits: { memory: "1" } } } },
    ],
    [
      "spec.template.spec.containers[0].resources.requests.memory",
      { container: { resources: { limits: { memory: "1Gi" }, requests: { memory: "1Mi" } } } },
    ],
    [
      'spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"]',
      { container: { resources: { limits: { "nvidia.com/gpu": 1 } } } },
    ],
    [
      "spec.template.spec.containers[0].readinessProbe",
      { container: { readinessProbe: { grpc: { port: 1 } } } },
    ],
    [
      "spec.template.spec.containers[0].readinessProbe",
      { container: { readinessProbe: { httpGet: { path: "/a?b=c", port: 1 } } } },
    ],
    [
      "spec.template.spec.containers[0].livenessProbe",
      {
        container: {
          readinessProbe: { tcpSocket: { port: 1 } },
          livenessProbe: { tcpSocket: { port: 2 } },
        },
      },
    ],
    [
      "spec.template.spec.containers[0].livenessProbe",
      { container: { livenessProbe: { tcpSocket: { port: 1 }, timeoutSeconds: 77 } } },
    ],
    [
      "spec.template.spec.containers[0].startupProbe.failureThreshold",
      { container: { startupProbe: { tcpSocket: { port: 1 }, failureThreshold: 9_999 } } },
    ],
    [
      "spec.template.spec.volumes[0]",
      {
        pod: { volumes: [{ name: "a", hostPath: { path: "/" } }] },
        container: { volumeMounts: [{ name: "a", mountPath: "/a", subPath: "b" }] },
      },
    ],
    ["spec.template.spec.volumes[0]", { pod: { volumes: [{ name: "a", emptyDir: {} }] } }],
    [
      "spec.template.spec.volumes[0].emptyDir.sizeLimit",
      {
        pod: { volumes: [{ name: "a", emptyDir: { sizeLimit: "1Gi" } }] },
        container: { volumeMounts: [{ name: "a", mountPath: "/a" }] },
      },
    ],
    [
      "spec.template.spec.containers[0].volumeMounts[0].subPath",
      {
        pod: { volumes: [{ name: "a", emptyDir: {} }] },
        container: { volumeMounts: [{ name: "a", mountPath: "/a", subPath: "x" }] },
      },
    ],
    [
      "spec.template.spec.containers[0].volumeMounts[0]",
      {
        pod: { volumes: [{ name: "a", emptyDir: {} }] },
        container: { volumeMounts: [{ name: "a", mountPath: "/etc/docc/tls/x" }] },
      },
    ],
    [
      "spec.template.spec.containers[0].volumeMounts[0]",
      { container: { volumeMounts: [{ name: "a", mountPath: "/a" }] } },
    ],
  ])("%s", (path, changes) => {
    const { notExpressed } = adopted(changes);
    const title = notExpressed[0]?.path.split(" ")[0] ?? "";
    const places = notExpressed.map((each) => each.path.slice(title.length + 1));
    expect(places).toContain(path);
    // One sentence each; what belongs together is listed once.
    const others = places.filter(
      (each) => each !== path && !/\.(?:imagePullPolicy|volumes\[0\])$/u.test(each),
    );
    expect(others).toEqual([]);
    for (const { why } of notExpressed) {
      expect(why).toMatch(/^["A-Z$d].*[.]$/su);
    }
  });

  it("nothing that only switches a default on or off", () => {
    const { told } = adopted({
      spec: {
        replicas: 1,
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
        },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        minReadySeconds: 0,
        paused: false,
      },
      pod: {
        securityContext: { runAsUser: 1000 },
        hostNetwork: false,
        enableServiceLinks: true,
        serviceAccountName: "default",
        restartPolicy: "Always",
        dnsPolicy: "ClusterFirst",
        schedulerName: "default-scheduler",
        terminationGracePeriodSeconds: 30,
        affinity: {},
        tolerations: [],
        initContainers: [],
      },
      container: {
        stdin: false,
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        imagePullPolicy: "IfNotPresent",
        securityContext: {
          privileged: false,
          runAsNonRoot: true,
          capabilities: { drop: ["NET_RAW"] },
        },
      },
    });
    expect(told).toEqual([]);
  });
});

describe("adopt notes", () => {
  it("a limit of memory, a restart and a user that were not there before", () => {
    const { notes } = adopted({
      pod: { securityContext: {} },
      container: {
        resources: { requests: { memory: "1Gi" } },
        readinessProbe: { exec: { command: ["true"] }, periodSeconds: 30 },
      },
    });
    expect(notes.slice(0, 3)).toEqual([
      'Until now nothing restarted "app" while it started; docc does when it is not well after 60 seconds: health.start_seconds.',
      '"app" has no limit of memory now; docc makes what it asks for, 1Gi, the limit, too.',
      'Nothing says which user "app" runs as, and docc does not start images as root: give it run_as_user, or run_as_root where the operator allows that.',
    ]);
  });

  it("what the operator refuses", () => {
    const { notes } = adopted({
      spec: { replicas: 1_000 },
      container: { securityContext: { runAsUser: 0 } },
    });
    expect(notes).toContain(
      "The manifest is refused as it is: A scale of 1000 is more than this platform allows. Give 100 at most, or ask the operator.",
    );
    expect(notes.join("\n")).toContain("This platform does not run containers as root.");
  });

  it("another namespace, and who manages the objects", () => {
    const { notes } = adopted({
      metadata: {
        namespace: "shops",
        labels: { "app.kubernetes.io/managed-by": "Helm" },
        annotations: { "argocd.argoproj.io/tracking-id": "x" },
      },
    });
    expect(notes).toContain(
      'The live objects are in the namespace "shops", and docc\'s environment is in "default".',
    );
    expect(notes.filter((note) => note.includes("manages Deployment/web now"))).toHaveLength(2);
  });

  it("that docc made it", () => {
    const labels = {
      "app.kubernetes.io/managed-by": "docc",
      "docc.dev/environment": "staging",
    };
    const { notes } = adopted({ metadata: { labels } });
    expect(notes.at(-1)).toBe(
      'docc made this Deployment: "/docc show web in=staging" gives its manifest as it was written.',
    );
    expect(notes.join("\n")).not.toContain("selector");
  });
});

it("a tag that docc pinned stays a tag", () => {
  const image = `a:1@sha256:${"a".repeat(64)}`;
  const labels = { "app.kubernetes.io/managed-by": "docc" };
  const { container, told } = adopted({ container: { image }, metadata: { labels } });
  expect(container).toMatchObject({ image: "a", image_tag: "1" });
  expect(told).toEqual([]);
});

describe("the maintainer", () => {
  const of = (maintainer: string | undefined, annotations = {}) => {
    const deployment = { kind: "Deployment", metadata: { name: "web", annotations } };
    const platform = defaultPlatform;
    const adoption = adopt(
      deployment,
      [],
      maintainer === undefined ? { platform } : { platform, maintainer },
    );
    return [
      adoption.manifest["maintainer"],
      adoption.notes.filter((note) => note.includes("owns")),
    ];
  };

  it("is who is given, else who is stamped, else a placeholder that is told", () => {
    const stamped = { "docc.dev/maintainer": "U0123456789,oncall@corp.example.com" };
    const note =
      "No object says who owns the application: put an e-mail address or a Slack id in place of team@example.com.";
    expect(of("ana@corp.example.com", stamped)).toEqual(["ana@corp.example.com", []]);
    expect(of(undefined, stamped)).toEqual([["U0123456789", "oncall@corp.example.com"], []]);
    expect(of(undefined)).toEqual(["team@example.com", [note]]);
    expect(of("@ana")).toEqual([
      "team@example.com",
      [`"@ana" is no e-mail address and no Slack id. ${note}`],
    ]);
  });
});

it("a team is taken from docc's label, else from one of that name", () => {
  const team = (labels: object) => {
    const { manifest, told } = adopted({ metadata: { labels } });
    return [manifest["team"], told];
  };
  expect(team({ "docc.dev/team": "a", team: "b" })).toEqual([
    "a",
    ['Deployment/web metadata.labels: A manifest has no labels of its own: "team" is left out.'],
  ]);
  expect(team({ team: "b" })).toEqual(["b", []]);
  expect(team({ team: "not a label's value!" })[0]).toBeUndefined();
});

it("a rollout's time is written where it is neither docc's nor Kubernetes' own", () => {
  const deploy = (seconds: number) => {
    const { manifest } = adopted({
      spec: { progressDeadlineSeconds: seconds },
      platform: { progressDeadlineSeconds: 120 },
    });
    return manifest["deploy"];
  };
  expect([300, 600, 120].map(deploy)).toEqual([{ timeout: "300s" }, undefined, undefined]);
});
