import type { Field } from "./fields.ts";
import { any, number, objectFields, text } from "./metadata-fields.ts";

/**
 * The fields of what is around a Deployment: what the manifest says of them, and what Kubernetes takes by
 * itself. The defaults: k8s.io/kubernetes, pkg/apis/core/v1/defaults.go (SetDefaults_Service) and
 * pkg/apis/autoscaling/v2/defaults.go; kubernetes.io, "Unhealthy Pod Eviction Policy"; the markers
 * `kubebuilder:default` of sigs.k8s.io/gateway-api, apis/v1; cert-manager.io, "API reference".
 */
const texts: Field = { items: text };

export const serviceFields: Field = objectFields({
  selector: { said: "object" },
  ports: {
    items: {
      // A port of the nodes goes with the type, which is listed.
      members: { name: text, port: number, protocol: text, targetPort: any, nodePort: number },
      why: "A manifest says number, name and protocol of a port.",
    },
  },
  // Addresses are given by the cluster, but for a headless Service: services.ts.
  clusterIP: text,
  clusterIPs: texts,
  ipFamilies: texts,
  ipFamilyPolicy: { usual: ["SingleStack"] },
  type: { usual: ["ClusterIP"], why: "docc's Service is reached inside the cluster alone." },
  sessionAffinity: { usual: ["None"], why: "docc's Service knows no sessions." },
  sessionAffinityConfig: { why: "docc's Service knows no sessions." },
  internalTrafficPolicy: { usual: ["Cluster"] },
  externalTrafficPolicy: { usual: ["Cluster"] },
  allocateLoadBalancerNodePorts: { usual: [true] },
  publishNotReadyAddresses: { usual: [false], why: "docc's Service leads to ready pods alone." },
});

const exposedBy = "What brings traffic into the cluster is the operator's choice.";
const placeAlone = "A manifest says hosts, path and port of an ingress, and no more.";

const backend: Field = {
  members: {
    service: { members: { name: text, port: { members: { number, name: text } } } },
  },
};

export const ingressFields: Field = objectFields({
  rules: {
    items: {
      members: {
        host: text,
        http: {
          members: { paths: { items: { members: { path: text, pathType: text, backend } } } },
        },
      },
      why: placeAlone,
    },
  },
  tls: { items: { members: { hosts: texts, secretName: text } } },
  ingressClassName: { why: exposedBy },
  defaultBackend: { why: "docc's ingresses answer to their hosts alone." },
});

/** apis/v1, BackendObjectReference and BackendRef. */
const backendRefs: Field = {
  items: {
    members: {
      name: text,
      port: number,
      group: { usual: [""] },
      kind: { usual: ["Service"] },
      weight: { usual: [1] },
    },
  },
};

const route: Readonly<Record<string, Field>> = {
  hostnames: texts,
  rules: {
    items: {
      members: {
        matches: { items: { members: { path: { members: { type: text, value: text } } } } },
        backendRefs,
      },
      why: placeAlone,
    },
  },
  parentRefs: { why: exposedBy },
};
export const httpRouteFields: Field = objectFields(route);
export const tlsRouteFields: Field = objectFields(route);

/** apis/v1, ListenerEntry. */
const listener: Field = {
  members: {
    name: text,
    hostname: text,
    port: { usual: [443] },
    protocol: { usual: ["HTTPS", "TLS"] },
    allowedRoutes: { usual: [{ namespaces: { from: "Same" } }] },
    tls: {
      members: {
        mode: { usual: ["Terminate", "Passthrough"] },
        certificateRefs: {
          items: { members: { name: text, group: { usual: [""] }, kind: { usual: ["Secret"] } } },
        },
      },
    },
  },
  why: exposedBy,
};

export const listenerSetFields: Field = objectFields({
  parentRef: { why: exposedBy },
  listeners: { items: listener },
});

const metric: Field = {
  members: {
    type: text,
    resource: {
      members: { name: text, target: { members: { type: text, averageUtilization: number } } },
    },
  },
};

export const autoscalerFields: Field = objectFields({
  scaleTargetRef: { members: { apiVersion: text, kind: text, name: text } },
  minReplicas: number,
  maxReplicas: number,
  metrics: { items: metric },
  selectionStrategy: { usual: ["LabelSelector"] },
  behavior: { why: "docc's autoscaler grows and shrinks at Kubernetes' own pace." },
});

const oneAtATime = "docc lets one copy go at a time, where there can be two.";

export const disruptionBudgetFields: Field = objectFields({
  selector: { said: "object" },
  minAvailable: { why: oneAtATime },
  maxUnavailable: { why: oneAtATime },
  unhealthyPodEvictionPolicy: { usual: ["IfHealthyBudget"] },
});

const ofIssuer = "Certificates are made after the operator's settings.";

export const certificateFields: Field = objectFields({
  secretName: text,
  dnsNames: texts,
  issuerRef: { members: { name: text, kind: text, group: text } },
  usages: { usual: [["digital signature", "key encipherment"]], why: ofIssuer },
  duration: { usual: ["2160h0m0s"], why: ofIssuer },
  revisionHistoryLimit: { usual: [1], why: ofIssuer },
  privateKey: {
    members: {
      rotationPolicy: { usual: ["Never", "Always"] },
      algorithm: { usual: ["RSA"] },
      encoding: { usual: ["PKCS1"] },
      size: { usual: [2_048] },
    },
    why: ofIssuer,
  },
});
