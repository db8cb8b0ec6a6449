// The package's root loads and keeps every generated class; this module bundles to a fraction of it.
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { DoccError } from "../errors.ts";

export interface KubeconfigSource {
  /** A kubeconfig file; without it and `kubeconfigText`, the pod's own service account. */
  readonly kubeconfigPath?: string;
  readonly kubeconfigText?: string;
  /** The kubeconfig of who runs docc, where kubectl finds it: `KUBECONFIG`, else `~/.kube/config`. */
  readonly ofUser?: boolean;
  /** A context of that kubeconfig, instead of its current one. */
  readonly context?: string;
}

/** The context that client-node makes up when it finds no kubeconfig: loadFromClusterAndUser. */
const ofNothing = "loaded-context";

/**
 * Reads a kubeconfig and checks that its context can be used.
 * @throws DoccError `bad-config`, which quotes nothing of the file
 */
export function loadKubeconfig(options: KubeconfigSource): KubeConfig {
  const config = new KubeConfig();
  try {
    if (options.kubeconfigText !== undefined) {
      config.loadFromString(options.kubeconfigText);
    } else if (options.kubeconfigPath !== undefined) {
      config.loadFromFile(options.kubeconfigPath);
    } else if (options.ofUser === true) {
      config.loadFromDefault();
    } else {
      config.loadFromCluster();
    }
  } catch {
    // The parser's message quotes the file, which holds credentials.
    throw new DoccError("bad-config", "The kubeconfig cannot be read.", {
      hint: "Check that the file exists and is a kubeconfig: `kubectl config view`.",
    });
  }
  if (options.ofUser === true && config.getCurrentContext() === ofNothing) {
    throw new DoccError("bad-config", "There is no kubeconfig, so docc knows no cluster.", {
      hint: "Set KUBECONFIG, or log in to the cluster so that ~/.kube/config is written.",
    });
  }
  if (options.context !== undefined) {
    config.setCurrentContext(options.context);
  }
  check(config);
  return config;
}

function check(config: KubeConfig): void {
  const { server, skipTLSVerify } = clusterOf(config);
  const user = config.getCurrentUser();
  if (user === null) {
    throw new DoccError("bad-config", "The context of the kubeconfig names no user of it.");
  }
  // The API server takes an empty name as no impersonation at all: docc's own rights.
  if (user.impersonateUser === "") {
    throw new DoccError("bad-config", "The kubeconfig impersonates a user without a name.");
  }
  const { protocol } = urlOf(server);
  if (protocol === "http:" && !skipTLSVerify) {
    throw new DoccError(
      "bad-config",
      "The cluster's address is http: credentials would be readable.",
      {
        hint: "Use https, or set insecure-skip-tls-verify: true for a cluster on this machine.",
      },
    );
  }
}

export function clusterOf(config: KubeConfig): { server: string; skipTLSVerify: boolean } {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new DoccError("bad-config", "The kubeconfig has no such context, or no current one.", {
      hint: "`kubectl config get-contexts` lists them.",
    });
  }
  return cluster;
}

function urlOf(server: string): URL {
  const url = URL.parse(server);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new DoccError("bad-config", "The cluster has no usable address.", {
      hint: "Outside a cluster, docc needs a kubeconfig.",
    });
  }
  return url;
}
