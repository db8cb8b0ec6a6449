import path from "node:path";
import { serviceAccountKey, serviceAccountPublicKey, tokenFile } from "./credentials.ts";

/** Loopback ports of one control plane. */
export interface Ports {
  readonly etcdClient: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
}

const certificatesFolder = "certificates";

/** The certificate that kube-apiserver makes for itself; the file ends with the authority's own. */
export const servingCertificate = path.join(certificatesFolder, "apiserver.crt");
export const servingKey = path.join(certificatesFolder, "apiserver.key");

/**
 * Arguments of each program; relative paths are in the data folder, their working directory.
 * Flags: https://kubernetes.io/docs/reference/command-line-tools-reference/
 */
export function etcdArguments(ports: Ports): string[] {
  const client = `http://127.0.0.1:${ports.etcdClient}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    "--name=docc",
    "--data-dir=etcd",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=docc=${peer}`,
    "--log-level=warn",
    // The data die with the rig; waiting for the disk would only slow it.
    "--unsafe-no-fsync",
  ];
}

export const auditPolicy = "audit-policy.json";
export const auditLog = "audit.log";

/**
 * Who did what, for those whom a test gives an identity: service accounts and the people whom they act
 * for. The rig's own hands and the control plane's would only fill the disk.
 * https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
 */
export const auditRules = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", userGroups: ["system:masters", "system:serviceaccounts:kube-system"] },
    { level: "None", users: ["system:kube-controller-manager", "system:kube-scheduler"] },
    { level: "Metadata" },
  ],
};

export function apiServerArguments(ports: Ports): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcdClient}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${certificatesFolder}`,
    // A loopback address may not be an endpoint of the service "kubernetes".
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--authorization-mode=Node,RBAC",
    // Added to the defaults, which include PodSecurity and ValidatingAdmissionPolicy.
    "--enable-admission-plugins=NodeRestriction",
    `--token-auth-file=${tokenFile}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${serviceAccountKey}`,
    "--kubelet-preferred-address-types=InternalIP",
    `--audit-policy-file=${auditPolicy}`,
    `--audit-log-path=${auditLog}`,
    // What was answered is logged.
    "--audit-log-mode=blocking",
    "--allow-privileged=true",
    "--profiling=false",
  ];
}

export function controllerManagerArguments(kubeconfigPath: string): string[] {
  return [
    `--kubeconfig=${kubeconfigPath}`,
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${serviceAccountKey}`,
    `--root-ca-file=${servingCertificate}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=400",
    "--kube-api-burst=800",
    "--profiling=false",
  ];
}

export function schedulerArguments(kubeconfigPath: string): string[] {
  return [
    `--kubeconfig=${kubeconfigPath}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=400",
    "--kube-api-burst=800",
    "--profiling=false",
  ];
}
