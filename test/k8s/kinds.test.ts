import { describe, expect, it } from "vitest";
import {
  apiVersionOf,
  customResourceDefinitions,
  deployments,
  horizontalPodAutoscalers,
  httpRoutes,
  kindOf,
  leases,
  listenerSets,
  namespaces,
  pathOf,
  podDisruptionBudgets,
  pods,
  releases,
  tlsRoutes,
} from "../../src/k8s/kinds.ts";

describe("pathOf", () => {
  it.each([
    ["all pods", pathOf(pods), "/api/v1/pods"],
    ["a namespace's pods", pathOf(pods, { namespace: "web" }), "/api/v1/namespaces/web/pods"],
    [
      "one deployment",
      pathOf(deployments, { namespace: "web", name: "kubecon" }),
      "/apis/apps/v1/namespaces/web/deployments/kubecon",
    ],
    [
      "a subresource",
      pathOf(releases, { namespace: "docc", name: "kubecon-1", subresource: "status" }),
      "/apis/docc.dev/v1alpha1/namespaces/docc/releases/kubecon-1/status",
    ],
    ["a namespace itself", pathOf(namespaces, { name: "web" }), "/api/v1/namespaces/web"],
    [
      "a cluster-wide custom kind",
      pathOf(customResourceDefinitions, { name: "releases.docc.dev" }),
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/releases.docc.dev",
    ],
    [
      "a name with a colon",
      pathOf(leases, { namespace: "docc", name: "a:b" }),
      "/apis/coordination.k8s.io/v1/namespaces/docc/leases/a%3Ab",
    ],
  ])("names %s", (_what, path, expected) => {
    expect(path).toBe(expected);
  });

  it.each(["", ".", "..", "a/b", "../secrets/x", "%2e%2e", "a%2fb"])(
    "refuses the name %j, which a URL parser could turn into another path",
    (name) => {
      expect(() => pathOf(pods, { namespace: "web", name })).toThrow(/cannot be part/);
      expect(() => pathOf(pods, { namespace: name, name: "web" })).toThrow(/cannot be part/);
    },
  );

  it("refuses a namespaced object without its namespace", () => {
    expect(() => pathOf(pods, { name: "web-1" })).toThrow("together with its namespace");
  });

  it("refuses a namespace for a kind that has none", () => {
    expect(() => pathOf(namespaces, { namespace: "web", name: "web" })).toThrow("no namespace");
  });

  it("refuses a subresource of a collection", () => {
    expect(() => pathOf(pods, { namespace: "web", subresource: "log" })).toThrow("subresource");
  });
});

describe("kindOf", () => {
  it("finds a kind by what stands in its objects", () => {
    expect(kindOf("apps/v1", "Deployment")).toBe(deployments);
    expect(kindOf("v1", "Pod")).toBe(pods);
    expect(kindOf(apiVersionOf(releases), releases.kind)).toBe(releases);
  });

  it.each([
    [
      horizontalPodAutoscalers,
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      "horizontalpodautoscalers",
    ],
    [podDisruptionBudgets, "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"],
    [httpRoutes, "gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes"],
    [tlsRoutes, "gateway.networking.k8s.io/v1", "TLSRoute", "tlsroutes"],
    [listenerSets, "gateway.networking.k8s.io/v1", "ListenerSet", "listenersets"],
  ])("finds what stands around a Deployment", (kind, apiVersion, name, plural) => {
    expect(kindOf(apiVersion, name)).toBe(kind);
    expect(pathOf(kind, { namespace: "web" })).toBe(`/apis/${apiVersion}/namespaces/web/${plural}`);
  });

  it("knows no other version of a kind", () => {
    expect(kindOf("apps/v1beta1", "Deployment")).toBeUndefined();
    expect(kindOf("v1", "Deployment")).toBeUndefined();
    expect(kindOf("gateway.networking.k8s.io/v1alpha3", "TLSRoute")).toBeUndefined();
  });
});
