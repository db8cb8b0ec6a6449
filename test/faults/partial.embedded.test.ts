import { embedded, type Stage } from "../conversation/stage.ts";
import { pass, statusAnswer } from "../support/proxy/fates.ts";
import type { FaultProxy } from "../support/proxy/fault-proxy.ts";
import { partialTest } from "./partial.ts";

const resources: Readonly<Record<string, string>> = {
  Certificate: "certificates",
  Service: "services",
  PodDisruptionBudget: "poddisruptionbudgets",
  Deployment: "deployments",
  Ingress: "ingresses",
};

partialTest(
  { ...embedded, hasProxies: true },
  {
    start: (stage, kind) => {
      const refused = `PATCH ${resources[kind] ?? ""}`;
      proxyOf(stage).follow((call) =>
        call.kind === refused ? statusAnswer(403, "Forbidden") : pass,
      );
      return Promise.resolve();
    },
    end: (stage) => {
      proxyOf(stage).follow(() => pass);
      return Promise.resolve();
    },
  },
  Object.keys(resources),
);

function proxyOf({ proxies }: Stage): FaultProxy {
  if (proxies === undefined) throw new Error("the stage has proxies");
  return proxies.kube;
}
