import type { KubeApi } from "../src/k8s/api.ts";
import { releases } from "../src/k8s/kinds.ts";

const image = "registry.corp.example.com/demo/kubecon";

/** Asks for the first deploy of each app, as a terminal does, so that docc knows them later. */
export async function introduce({
  api,
  home,
  apps,
}: {
  readonly api: KubeApi;
  /** docc's own namespace. */
  readonly home: string;
  readonly apps: readonly string[];
}): Promise<void> {
  for (const app of apps) {
    const manifest = {
      application: app,
      scale: 1,
      containers: { [app]: { image, image_tag: "2016" } },
      maintainer: "maintainer@corp.example.com",
    };
    await api.create(releases, {
      metadata: { name: `${app}-000000000000`, namespace: home },
      spec: {
        app,
        environment: "production",
        kind: "deploy",
        source: { type: "inline", manifest: JSON.stringify(manifest) },
        words: {},
        requester: { provider: "kubernetes", team: "", user: "ci" },
      },
    });
  }
}
