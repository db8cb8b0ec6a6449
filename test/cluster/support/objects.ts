/**
 * What docc makes of a manifest that uses everything, as plain objects: a Deployment with each field
 * of the pod that a rig has to play, and the objects around it.
 */
import { imageDigest } from "../kubelet/images.ts";

const repository = "registry.corp.example.com/demo/kubecon";
export const image = (tag: string): string => `${repository}:${tag}`;

/** `repository@sha256:...` of a tag that the rigs know. */
export const pinned = (tag: string): string => `${repository}@${imageDigest(image(tag))}`;

/** `repository:tag@sha256:...`. */
export const pinnedTag = (tag: string): string => `${image(tag)}@${imageDigest(image(tag))}`;

const gatewayApi = "gateway.networking.k8s.io/v1";
const labels = { "app.kubernetes.io/instance": "web" };
const selector = { matchLabels: labels };

/** The keys that the full Deployment's environment refers to. */
export const configuration = [
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db" },
    stringData: { url: "db.internal" },
  },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { mode: "quick" } },
];

const env = [
  { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } },
  { name: "MODE", valueFrom: { configMapKeyRef: { name: "settings", key: "mode" } } },
];

const probes = {
  startupProbe: {
    httpGet: { path: "/", port: 8080, scheme: "HTTP" },
    periodSeconds: 1,
    failureThreshold: 60,
  },
  readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
  livenessProbe: { exec: { command: ["true"] }, periodSeconds: 10 },
};

const container = {
  name: "app",
  ports: [{ containerPort: 8080, name: "port-8080", protocol: "TCP" }],
  env,
  ...probes,
  lifecycle: { preStop: { sleep: { seconds: 10 } } },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
};

const spread = (topologyKey: string): object => ({
  topologyKey,
  maxSkew: 1,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: selector,
  matchLabelKeys: ["pod-template-hash"],
});

const podSpec = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  imagePullSecrets: [{ name: "registry" }],
  securityContext: {
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
    sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
  },
  terminationGracePeriodSeconds: 40,
  topologySpreadConstraints: [
    spread("topology.kubernetes.io/zone"),
    spread("kubernetes.io/hostname"),
  ],
  volumes: [{ name: "tmp", emptyDir: {} }],
};

interface FullOptions {
  readonly image?: string;
  /** Undefined leaves them to somebody else. */
  readonly replicas?: number | undefined;
  /** What differs in the container. */
  readonly container?: object;
}

/** A Deployment `web` with every field. */
export function fullDeployment(options: FullOptions = {}) {
  const app = { ...container, image: options.image ?? pinnedTag("2017"), ...options.container };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels },
    spec: {
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
      minReadySeconds: 5,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      selector,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
      template: { metadata: { labels }, spec: { ...podSpec, containers: [app] } },
    },
  };
}

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };

export const autoscaler = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", labels },
  spec: {
    scaleTargetRef: target,
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ],
  },
};

export const disruptionBudget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", labels },
  spec: { maxUnavailable: 1, selector },
};

/** An Ingress of these hosts in this order. */
export const ingress = (name: string, hosts: readonly string[]) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name, labels },
  spec: {
    rules: hosts.map((host) => ({
      host,
      http: {
        paths: [
          {
            path: "/",
            pathType: "Prefix",
            backend: { service: { name: "web", port: { number: 80 } } },
          },
        ],
      },
    })),
  },
});

/** Attached to the app's own listener. */
const parentRefs = [
  { group: "gateway.networking.k8s.io", kind: "ListenerSet", name: "web", sectionName: "web" },
];

export const httpRoute = (name: string, hostnames: readonly string[]) => ({
  apiVersion: gatewayApi,
  kind: "HTTPRoute",
  metadata: { name, labels },
  spec: { parentRefs, hostnames, rules: [{ backendRefs: [{ name: "web", port: 80 }] }] },
});

export const tlsRoute = (name: string, hostnames: readonly string[]) => ({
  apiVersion: gatewayApi,
  kind: "TLSRoute",
  metadata: { name, labels },
  spec: { parentRefs, hostnames, rules: [{ backendRefs: [{ name: "web", port: 443 }] }] },
});

const listener = (name: string, hostname: string): object => ({
  name,
  hostname,
  port: 443,
  protocol: "HTTPS",
  tls: { certificateRefs: [{ name: `${name}-tls` }] },
});

/** One listener a host, named `a`, `b` and so on. */
export const listenerSet = (name: string, hosts: readonly string[]) => ({
  apiVersion: gatewayApi,
  kind: "ListenerSet",
  metadata: { name, labels },
  spec: {
    parentRef: { name: "shared", namespace: "gateways" },
    listeners: hosts.map((host, index) => listener("abcdef".charAt(index), host)),
  },
});
