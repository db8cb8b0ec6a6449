import type { Field } from "./fields.ts";
import { any, number, objectFields, text } from "./metadata-fields.ts";

/**
 * The fields of a Deployment: what the manifest says of them, and what Kubernetes takes by itself. The
 * defaults are those of k8s.io/kubernetes: pkg/apis/core/v1/defaults.go (SetDefaults_PodSpec, _Container,
 * _Probe, _HTTPGetAction, _SecretVolumeSource) and pkg/apis/apps/v1/defaults.go (SetDefaults_Deployment).
 * A default that the API server does not write into the object is the zero of its type in Go.
 */
const texts: Field = { items: text };

const where = "Where pods run is the cluster's choice: a manifest cannot narrow it.";
const onNode = "docc's pods are apart from their node.";
const security = "docc gives containers no more rights than they need.";
const userAlone = "A manifest says which user runs, and no more.";
const noAccess = "docc's pods get no token: calls to the Kubernetes API will fail.";
const noPriority = "A manifest gives no priorities.";
const names = "docc's pods ask the cluster for names.";
const group = "docc mounts no volumes that need a group.";

const volume: Field = {
  members: {
    name: text,
    emptyDir: { members: {}, why: "docc's directories lie on the node's disk, without a limit." },
    secret: {
      members: { secretName: text, defaultMode: { usual: [0o644] }, optional: { usual: [false] } },
      why: "docc mounts a certificate whole.",
    },
  },
};

const podSecurity: Field = {
  members: {
    runAsUser: number,
    runAsNonRoot: { said: "boolean" },
    seccompProfile: { why: security },
    sysctls: { why: "docc sets no kernel parameters but for low ports." },
    fsGroup: { why: group },
    fsGroupChangePolicy: { why: group },
  },
  why: userAlone,
};

const pod: Readonly<Record<string, Field>> = {
  containers: { said: "list" },
  volumes: { items: volume },
  initContainers: { said: "list" },
  imagePullSecrets: { items: { members: { name: text } } },
  securityContext: podSecurity,
  restartPolicy: { usual: ["Always"] },
  dnsPolicy: { usual: ["ClusterFirst"], why: names },
  dnsConfig: { why: names },
  schedulerName: { usual: ["default-scheduler"], why: where },
  nodeSelector: { why: where },
  nodeName: { why: where },
  affinity: { why: where },
  tolerations: { why: where },
  topologySpreadConstraints: { why: "docc spreads pods over zones and nodes by itself." },
  runtimeClassName: { why: where },
  priorityClassName: { why: noPriority },
  priority: { why: noPriority },
  preemptionPolicy: { why: noPriority },
  terminationGracePeriodSeconds: {
    usual: [30],
    why: "docc gives every pod the same time to stop.",
  },
  serviceAccountName: { usual: ["default"], why: noAccess },
  // The old name of the same, which the API server keeps equal.
  serviceAccount: any,
  automountServiceAccountToken: { why: noAccess },
  enableServiceLinks: { usual: [true] },
  hostNetwork: { usual: [false], why: onNode },
  hostPID: { usual: [false], why: onNode },
  hostIPC: { usual: [false], why: onNode },
  hostUsers: { usual: [true], why: onNode },
  shareProcessNamespace: { usual: [false], why: "docc's containers share no processes." },
};

export const deploymentFields: Field = objectFields({
  replicas: number,
  selector: { said: "object" },
  progressDeadlineSeconds: number,
  minReadySeconds: { usual: [0], why: "docc waits as long as it thinks right between two pods." },
  revisionHistoryLimit: { usual: [10], why: "docc keeps as many revisions as it needs." },
  paused: { usual: [false], why: "docc has no paused rollouts." },
  strategy: {
    members: {
      type: {
        usual: ["RollingUpdate"],
        why: "docc replaces pods one after the other: old and new ones run side by side.",
      },
      rollingUpdate: {
        members: { maxSurge: { usual: ["25%"] }, maxUnavailable: { usual: ["25%"] } },
        why: "docc starts new pods before it stops old ones.",
      },
    },
  },
  template: {
    members: {
      metadata: {
        members: {
          labels: { said: "object" },
          annotations: { said: "object" },
          creationTimestamp: any,
          name: any,
        },
      },
      spec: { members: pod },
    },
  },
});

const key: Field = {
  members: { name: text, key: text, optional: { said: "boolean" } },
};

const amounts: Field = { members: { cpu: any, memory: any } };

const probe: Field = {
  members: {
    httpGet: { members: { path: text, port: any, scheme: text } },
    tcpSocket: { members: { port: any } },
    exec: { members: { command: texts } },
    initialDelaySeconds: number,
    periodSeconds: number,
    timeoutSeconds: number,
    successThreshold: number,
    failureThreshold: number,
  },
  why: "A manifest cannot say this of a health check.",
};

const containerSecurity: Field = {
  members: {
    readOnlyRootFilesystem: { said: "boolean" },
    runAsUser: number,
    runAsNonRoot: { said: "boolean" },
    runAsGroup: { why: userAlone },
    privileged: { usual: [false] },
    procMount: { usual: ["Default"] },
    seccompProfile: { usual: [{ type: "RuntimeDefault" }] },
    // docc takes all capabilities away, which is more than any drop.
    capabilities: { members: { drop: texts } },
  },
  why: security,
};

export const containerFields: Field = {
  members: {
    name: text,
    image: text,
    command: texts,
    args: texts,
    ports: {
      items: {
        members: {
          name: text,
          containerPort: number,
          protocol: text,
          hostPort: number,
          hostIP: { why: "docc's pods take no ports of their node." },
        },
      },
    },
    env: {
      items: {
        members: {
          name: text,
          value: text,
          valueFrom: { members: { secretKeyRef: key, configMapKeyRef: key } },
        },
      },
    },
    envFrom: any,
    resources: {
      members: { requests: amounts, limits: amounts },
      why: "A manifest asks for cpu and memory alone.",
    },
    volumeMounts: {
      items: {
        members: {
          name: text,
          mountPath: text,
          readOnly: { said: "boolean" },
          recursiveReadOnly: { usual: ["Disabled"] },
        },
        why: "A manifest says of a directory where it is, and no more.",
      },
    },
    startupProbe: probe,
    readinessProbe: probe,
    livenessProbe: probe,
    imagePullPolicy: text,
    terminationMessagePath: { usual: ["/dev/termination-log"] },
    terminationMessagePolicy: { usual: ["File"] },
    workingDir: { why: "A manifest cannot change the image's working directory." },
    lifecycle: {
      members: {
        postStart: { why: "docc runs nothing beside the container's command." },
        preStop: { why: "docc has containers with ports wait before they stop, and runs nothing." },
      },
    },
    stdin: { usual: [false] },
    stdinOnce: { usual: [false] },
    tty: { usual: [false] },
    securityContext: containerSecurity,
  },
};
