import { describe, expect, it } from "vitest";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { frozenObjects, goldens } from "./goldens.ts";
import { modelProblems } from "./models.ts";
import { hasThirdPartySchemas } from "./models-third-party.ts";

/** A sound object of a kind, from the golden pair that uses everything. */
function sound(name: string, kind: string): ApplicationObject {
  const golden = goldens().find((each) => each.name === name);
  const object = (golden === undefined ? [] : frozenObjects(golden)).find(
    (each) => each.kind === kind,
  );
  if (object === undefined) {
    throw new Error(`${name} has no ${kind}`);
  }
  return object;
}

/** What the models say against an object when `from` in its JSON is `to`. */
function complaints(kind: string, from: string, to: string, name = "containers/everything") {
  const text = JSON.stringify(sound(name, kind));
  const changed = text.replace(from, () => to);
  expect(changed).not.toBe(text);
  return modelProblems(JSON.parse(changed) as ApplicationObject);
}

const container = "Deployment.spec.template.spec.containers[0]";

describe("the API's own models", () => {
  it.each([
    ["a misspelt field", "Deployment", '"image":', '"imaeg":', `${container}.imaeg: unknown`],
    ["a missing field", "Deployment", '"name":"web",', "", `${container}.name: missing`],
    [
      "a missing object",
      "HorizontalPodAutoscaler",
      '"scaleTargetRef":',
      '"scaleTarget":',
      "HorizontalPodAutoscaler.spec.scaleTargetRef: missing",
    ],
    [
      "a missing type of path",
      "Ingress",
      ',"pathType":"Prefix"',
      "",
      "Ingress.spec.rules[0].http.paths[0].pathType: missing",
    ],
    [
      "text for a number",
      "Deployment",
      '"minReadySeconds":5',
      '"minReadySeconds":"5"',
      "Deployment.spec.minReadySeconds: no number",
    ],
    [
      "a fraction for an integer",
      "Service",
      '"port":8080',
      '"port":80.5',
      "Service.spec.ports[0].port: no integer",
    ],
    [
      "a number for a label",
      "Deployment",
      '"app.kubernetes.io/version":"2017"',
      '"app.kubernetes.io/version":2017',
      "Deployment.metadata.labels.app.kubernetes.io/version: no string",
    ],
    [
      "a number for a quantity",
      "Deployment",
      '"cpu":"500m"',
      '"cpu":0.5',
      `${container}.resources.requests.cpu: no string`,
    ],
    [
      "text for a truth",
      "Deployment",
      '"enableServiceLinks":false',
      '"enableServiceLinks":"no"',
      "Deployment.spec.template.spec.enableServiceLinks: no boolean",
    ],
    [
      "a word for a list",
      "Deployment",
      '"drop":["ALL"]',
      '"drop":"ALL"',
      `${container}.securityContext.capabilities.drop: no list`,
    ],
    [
      "a truth for a number or text",
      "PodDisruptionBudget",
      '"maxUnavailable":1',
      '"maxUnavailable":true',
      "PodDisruptionBudget.spec.maxUnavailable: no IntOrString",
    ],
    [
      "a misspelt field of an autoscaler",
      "HorizontalPodAutoscaler",
      '"minReplicas":',
      '"minReplica":',
      "HorizontalPodAutoscaler.spec.minReplica: unknown",
    ],
    [
      "a misspelt field of a Certificate's metadata",
      "Certificate",
      '"labels":',
      '"label":',
      "Certificate.metadata.label: unknown",
    ],
  ])("find %s", (_, kind, from, to, problem) => {
    expect(complaints(kind, from, to)).toContain(problem);
  });
});

const reason = hasThirdPartySchemas
  ? ""
  : " [no CRDs in the rig's cache: npm run cluster -- build]";

describe.skipIf(!hasThirdPartySchemas)(`third parties' CRDs${reason}`, () => {
  const route = "gateway/several";
  it.each([
    [
      "Certificate",
      "containers/everything",
      '"secretName":',
      '"secretname":',
      [".secretName: missing", ".secretname: unknown"],
    ],
    [
      "ListenerSet",
      route,
      '"protocol":"HTTPS"',
      '"protocol":1',
      [".listeners[0].protocol: no string"],
    ],
    [
      "HTTPRoute",
      route,
      '"PathPrefix"',
      '"Prefix"',
      [".rules[0].matches[0].path.type: not in the enum"],
    ],
    ["TLSRoute", route, '"hostnames":', '"hosts":', [".hostnames: missing", ".hosts: unknown"]],
  ])("find a mistake in a %s", (kind, name, from, to, problems) => {
    expect(complaints(kind, from, to, name)).toEqual(problems.map((each) => `${kind}.spec${each}`));
  });

  it("find a version that is not served", () => {
    expect(complaints("TLSRoute", "k8s.io/v1", "k8s.io/v1alpha2", route)).toEqual([
      "TLSRoute: not served as gateway.networking.k8s.io/v1alpha2",
    ]);
  });
});
