/**
 * An application as it is found in clusters: written by hand and by a chart over some years, before
 * there was docc. Objects as people apply them.
 */
const labels = {
  app: "web",
  tier: "frontend",
  "app.kubernetes.io/name": "web",
  "app.kubernetes.io/managed-by": "Helm",
};
const annotations = {
  "meta.helm.sh/release-name": "shop",
  "meta.helm.sh/release-namespace": "web",
};

const app = {
  name: "app",
  image: "registry.corp.example.com/demo/kubecon:2017",
  imagePullPolicy: "Always",
  workingDir: "/srv",
  command: ["/bin/sh", "-c"],
  args: ["exec /app/server --at $(date +%s) --host $(HOST) --cost $$5"],
  ports: [
    { name: "http", containerPort: 8080 },
    { name: "metrics", containerPort: 9090, hostPort: 9090 },
  ],
  envFrom: [{ configMapRef: { name: "features" } }],
  env: [
    { name: "HOST", value: "0.0.0.0" },
    { name: "LOG_LEVEL", value: "info" },
    { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } },
    { name: "MODE", valueFrom: { configMapKeyRef: { name: "settings", key: "mode" } } },
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    { name: "BASE_URL", value: "http://$(HOST):8080" },
  ],
  resources: {
    requests: { cpu: "250m", memory: "256Mi" },
    limits: { cpu: "1", memory: "536870912" },
  },
  livenessProbe: {
    httpGet: { path: "/healthz", port: "http" },
    initialDelaySeconds: 30,
    periodSeconds: 20,
  },
  readinessProbe: {
    httpGet: { path: "/healthz", port: "http", httpHeaders: [{ name: "X-Probe", value: "1" }] },
    failureThreshold: 6,
  },
  lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
  securityContext: { runAsUser: 1000, runAsGroup: 1000, readOnlyRootFilesystem: true },
  volumeMounts: [
    { name: "tmp", mountPath: "/tmp" },
    { name: "cache", mountPath: "/var/cache/app/" },
    { name: "settings", mountPath: "/etc/app", readOnly: true },
  ],
};

const logger = {
  name: "logger",
  image: "fluent/fluent-bit",
  volumeMounts: [{ name: "cache", mountPath: "/logs", subPath: "logs" }],
};

export const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels, annotations: { ...annotations, "example.com/owner": "Ana" } },
  spec: {
    replicas: 3,
    minReadySeconds: 10,
    progressDeadlineSeconds: 300,
    selector: { matchLabels: { app: "web" } },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } },
    template: {
      metadata: { labels, annotations: { "prometheus.io/scrape": "true" } },
      spec: {
        serviceAccountName: "web",
        nodeSelector: { disk: "ssd" },
        tolerations: [{ key: "dedicated", operator: "Exists" }],
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                podAffinityTerm: {
                  topologyKey: "kubernetes.io/hostname",
                  labelSelector: { matchLabels: { app: "web" } },
                },
              },
            ],
          },
        },
        imagePullSecrets: [{ name: "registry" }],
        terminationGracePeriodSeconds: 60,
        securityContext: { fsGroup: 1000 },
        initContainers: [{ name: "migrate", image: "registry.corp.example.com/demo/kubecon:2017" }],
        containers: [app, logger],
        volumes: [
          { name: "tmp", emptyDir: { medium: "Memory" } },
          { name: "cache", emptyDir: {} },
          { name: "settings", configMap: { name: "settings" } },
        ],
      },
    },
  },
};

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web-svc", labels, annotations },
  spec: {
    type: "NodePort",
    selector: { app: "web" },
    ports: [
      { name: "web", port: 80, targetPort: "http" },
      { name: "metrics", port: 9090 },
    ],
  },
};

const backend = { service: { name: "web-svc", port: { name: "web" } } };

const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name: "web",
    labels,
    annotations: {
      "nginx.ingress.kubernetes.io/proxy-body-size": "8m",
      "cert-manager.io/cluster-issuer": "letsencrypt",
    },
  },
  spec: {
    ingressClassName: "nginx",
    tls: [{ hosts: ["shop.example.com"], secretName: "shop-cert" }],
    rules: [
      {
        host: "shop.example.com",
        http: {
          paths: [
            { path: "/", pathType: "Prefix", backend },
            { path: "/old", pathType: "Exact", backend },
            {
              path: "/blog",
              pathType: "Prefix",
              backend: { service: { name: "blog", port: { number: 80 } } },
            },
          ],
        },
      },
      {
        host: "plain.example.com",
        http: { paths: [{ path: "/", pathType: "Prefix", backend }] },
      },
    ],
  },
};

const certificate = {
  apiVersion: "cert-manager.io/v1",
  kind: "Certificate",
  metadata: { name: "shop-cert" },
  spec: {
    secretName: "shop-cert",
    dnsNames: ["shop.example.com", "www.shop.example.com"],
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt" },
    usages: ["digital signature", "key encipherment"],
  },
};

const autoscaler = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", labels },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    minReplicas: 2,
    maxReplicas: 8,
    metrics: [
      {
        type: "Resource",
        resource: { name: "memory", target: { type: "Utilization", averageUtilization: 80 } },
      },
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
      },
    ],
  },
};

const disruptionBudget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", labels },
  spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
};

/** What belongs to {@link deployment}. */
export const belonging = [service, ingress, certificate, autoscaler, disruptionBudget];

/** What is in the same namespace and belongs to something else. */
export const neighbours = [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "blog" },
    spec: { selector: { app: "blog" }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "blog" },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: "blog" } } },
  },
];
