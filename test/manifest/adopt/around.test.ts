import { describe, expect, it } from "vitest";
import { adopt, belongings } from "../../../src/manifest/adopt/adopt.ts";
import { defaultPlatform, type Platform } from "../../../src/manifest/platform.ts";
import { platforms } from "../platforms.ts";

const labels = { app: "web" };

const deployment = {
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels: { ...labels, version: "1" } },
      spec: {
        securityContext: { runAsUser: 1000 },
        containers: [{ name: "app", image: "a:1", ports: [{ name: "http", containerPort: 8080 }] }],
      },
    },
  },
};

const service = (name: string, ports: readonly object[], spec: object = {}) => ({
  kind: "Service",
  metadata: { name },
  spec: { selector: labels, ports, ...spec },
});

const path = (name: string, port: object, more: object = {}) => ({
  path: "/",
  pathType: "Prefix",
  backend: { service: { name, port } },
  ...more,
});

const ingress = (rules: readonly object[], spec: object = {}, metadata: object = {}) => ({
  kind: "Ingress",
  metadata: { name: "web", ...metadata },
  spec: { rules, ingressClassName: "haproxy", ...spec },
});

const http = (host: string | undefined, ...paths: readonly object[]) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths },
});

const usual = service("web", [{ port: 8080, targetPort: "http" }]);
const toWeb = path("web", { number: 8080 });

function adopted(others: readonly object[], platform: Platform = defaultPlatform) {
  const adoption = adopt(deployment, belongings(deployment, others), { platform });
  const about = adoption.notExpressed
    .filter((each) => !each.path.startsWith("Deployment/"))
    .map((each) => `${each.path}: ${each.why}`);
  const { containers, ingresses, scale, auto_tls: autoTls } = adoption.manifest;
  return {
    ports: Object(Object(containers).app).ports as unknown,
    ingresses,
    scale,
    autoTls,
    about,
  };
}

describe("of Services adopt writes the ports", () => {
  it("of one that docc makes just so, and lists nothing", () => {
    expect(adopted([usual])).toMatchObject({ ports: [{ port: 8080, name: "http" }], about: [] });
  });

  it("that no container declares, and names that only a Service gives", () => {
    const { ports } = adopted([
      service("web", [
        { port: 8080, name: "ignored" },
        { port: 9090, name: "metrics" },
        { port: 53, name: "dns", protocol: "UDP", targetPort: 5353 },
      ]),
    ]);
    expect(ports).toEqual([
      { port: 5353, name: "dns", protocol: "UDP" },
      { port: 8080, name: "http" },
      { port: 9090, name: "metrics" },
    ]);
  });

  it("and lists what its callers lose", () => {
    const { about } = adopted([
      service("front", [{ port: 80, name: "plain", targetPort: "http", nodePort: 30_000 }], {
        type: "LoadBalancer",
        clusterIP: "None",
        sessionAffinity: "ClientIP",
      }),
      service("other", [{ port: 8080 }]),
      service("blog", [{ port: 80 }], { selector: { app: "blog" } }),
    ]);
    expect(about).toEqual([
      'Service/front metadata.name: docc\'s Service is called "web": its callers need that name.',
      "Service/front spec.clusterIP: docc's Service has an address, and its name does not resolve to pods.",
      'Service/front spec.ports[0].name: The port is called "http", as the container\'s.',
      "Service/front spec.ports[0].port: docc's Service answers at the container's own port: 8080 and not 80.",
      "Service/front spec.sessionAffinity: docc's Service knows no sessions.",
      "Service/front spec.type: docc's Service is reached inside the cluster alone.",
      "Service/other: docc makes one Service, with the ports of all containers.",
    ]);
  });

  it("of the one with the application's name, wherever it stands", () => {
    const { about } = adopted([service("other", [{ port: 8080 }]), usual]);
    expect(about).toEqual([
      "Service/other: docc makes one Service, with the ports of all containers.",
    ]);
  });
});

describe("of Ingresses adopt writes", () => {
  it("host, path and the port behind the Service's", () => {
    const front = service("front", [{ port: 80, name: "plain", targetPort: "http" }]);
    const { ingresses } = adopted([
      front,
      ingress([
        http(
          "b.example.com",
          path("front", { name: "plain" }),
          path("front", { number: 80 }, { path: "/api" }),
        ),
        http("a.example.com", path("front", { number: 80 })),
      ]),
    ]);
    expect(ingresses).toEqual({
      web: { scheme: "http", container_port: 8080, hosts: ["a.example.com", "b.example.com"] },
      "web-2": { scheme: "http", container_port: 8080, hosts: ["b.example.com"], path: "/api" },
    });
  });

  it("no hosts where docc takes the same by itself", () => {
    const { ingresses, about } = adopted([usual, ingress([http("web.example.com", toWeb)])]);
    expect(ingresses).toEqual({ web: { scheme: "http", container_port: 8080 } });
    expect(about).toEqual([]);
  });

  it("https with the Secret that it names", () => {
    const tls = [{ hosts: ["*.example.com"], secretName: "wildcard" }];
    const { ingresses, autoTls } = adopted([
      usual,
      ingress([http("a.example.com", toWeb), http("a.b.example.com", toWeb)], { tls }),
    ]);
    expect(ingresses).toEqual({
      web: {
        scheme: "https",
        container_port: 8080,
        hosts: ["a.example.com"],
        tls_secret: "wildcard",
      },
      "web-2": { scheme: "http", container_port: 8080, hosts: ["a.b.example.com"] },
    });
    expect(autoTls).toBeUndefined();
  });

  // As cert-manager makes it for an Ingress with its annotation.
  const certificate = (issuer: string) => ({
    kind: "Certificate",
    metadata: {
      name: "shop",
      ownerReferences: [{ apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "web" }],
    },
    spec: {
      secretName: "shop-cert",
      dnsNames: ["a.example.com"],
      issuerRef: { name: issuer, kind: "ClusterIssuer" },
    },
  });
  const tls = [{ hosts: ["a.example.com"], secretName: "shop-cert" }];

  it("auto_tls where the platform's issuer fills the Secret", () => {
    const annotations = { "cert-manager.io/cluster-issuer": "letsencrypt" };
    const result = adopted([
      usual,
      ingress([http("a.example.com", toWeb)], { tls }, { annotations }),
      certificate("letsencrypt"),
    ]);
    expect(result).toMatchObject({ autoTls: true, about: [] });
    expect(result.ingresses).toEqual({
      web: { scheme: "https", container_port: 8080, hosts: ["a.example.com"] },
    });
  });

  it("the Secret where another issuer fills it, whose Certificate has to stay", () => {
    const result = adopted([
      usual,
      ingress([http("a.example.com", toWeb)], { tls }),
      certificate("another"),
    ]);
    expect(result.ingresses).toMatchObject({ web: { tls_secret: "shop-cert" } });
    expect(result.about).toEqual([
      "Certificate/shop: docc makes none in its place: it must stay, since its Secret is used.",
    ]);
  });

  it.each(["haproxy.org/ssl-passthrough", "nginx.ingress.kubernetes.io/ssl-passthrough"])(
    "tls for %s",
    (annotation) => {
      const annotations = { [annotation]: "true" };
      const result = adopted([usual, ingress([http("a.example.com", toWeb)], {}, { annotations })]);
      expect(result).toMatchObject({ autoTls: true, ingresses: { web: { scheme: "tls" } } });
      expect(result.about).toEqual([
        "Ingress/web spec: docc has a certificate issued and mounts it at /etc/docc/tls/web, beside the container's own.",
      ]);
    },
  );

  it("what it can, and lists the rest", () => {
    const { ingresses, about } = adopted([
      usual,
      ingress(
        [
          http("*.example.com", toWeb),
          http(undefined, toWeb),
          http("a.example.com", path("blog", { number: 80 }), path("web", { number: 1 })),
          http("b.example.com", path("web", { number: 8080 }, { path: "/(x|y)" })),
          http("c.example.com", path("web", { number: 8080 }, { pathType: "Exact" })),
          http("c.example.com", toWeb),
          { host: "d.example.com" },
        ],
        {
          ingressClassName: "nginx",
          defaultBackend: { service: { name: "web", port: { number: 8080 } } },
          tls: [{ hosts: ["z.example.com"], secretName: "z" }],
        },
        { annotations: { "nginx.ingress.kubernetes.io/rewrite-target": "/$1" } },
      ),
    ]);
    expect(ingresses).toEqual({
      web: { scheme: "http", container_port: 8080 },
      "web-2": { scheme: "http", container_port: 8080, hosts: ["c.example.com"] },
    });
    expect(about).toEqual([
      'Ingress/web metadata.annotations["nginx.ingress.kubernetes.io/rewrite-target"]: A manifest has no annotations of its own.',
      "Ingress/web spec.defaultBackend: docc's ingresses answer to their hosts alone.",
      "Ingress/web spec.ingressClassName: What brings traffic into the cluster is the operator's choice.",
      'Ingress/web spec.rules[0].host: "*.example.com" is no host name.',
      "Ingress/web spec.rules[1]: docc's ingresses answer to named hosts: without one it takes the operator's domain.",
      'Ingress/web spec.rules[2].http.paths[0].backend: It leads to "blog", and to no port of this application there.',
      'Ingress/web spec.rules[2].http.paths[1].backend: It leads to "web", and to no port of this application there.',
      'Ingress/web spec.rules[3].http.paths[0].path: "/(x|y)" is no path of a URL.',
      'Ingress/web spec.rules[4].http.paths[0].pathType: "Exact" becomes Prefix: docc\'s paths count with all below them.',
      "Ingress/web spec.rules[6]: It says nothing about paths, which leaves it to the default backend.",
      "Ingress/web spec.tls[0]: No rule is for these hosts.",
    ]);
  });

  it("no host and path twice", () => {
    const canary = { ...ingress([http("a.example.com", toWeb)]), metadata: { name: "canary" } };
    const { ingresses, about } = adopted([usual, ingress([http("a.example.com", toWeb)]), canary]);
    expect(Object.keys(Object(ingresses) as object)).toEqual(["web"]);
    expect(about).toEqual([
      "Ingress/canary spec: Another ingress of the application has this host and path already.",
    ]);
  });
});

describe("of Gateway API adopt writes", () => {
  const route = (spec: object, kind = "HTTPRoute") => ({
    kind,
    metadata: { name: "web" },
    spec: { hostnames: ["a.example.com"], ...spec },
  });
  const backendRefs = [{ name: "web", port: 8080 }];
  const parentRefs = [
    { group: "gateway.networking.k8s.io", kind: "Gateway", name: "shared", namespace: "gateways" },
  ];

  it("an HTTPRoute on the operator's Gateway", () => {
    const result = adopted(
      [usual, route({ parentRefs, rules: [{ backendRefs }] })],
      platforms.gateway,
    );
    expect(result.about).toEqual([]);
    expect(result.ingresses).toEqual({
      web: { scheme: "http", container_port: 8080, hosts: ["a.example.com"] },
    });
  });

  it("what it can of matches, and lists filters and second backends", () => {
    const { ingresses, about } = adopted(
      [
        usual,
        route({
          rules: [
            {
              matches: [
                { path: { type: "Exact", value: "/a" }, headers: [{ name: "x", value: "y" }] },
              ],
              filters: [{ type: "URLRewrite" }],
              backendRefs: [...backendRefs, { name: "blog", port: 80 }],
            },
          ],
        }),
        route({ rules: [{ backendRefs }] }, "TLSRoute"),
      ],
      platforms.gateway,
    );
    expect(ingresses).toMatchObject({
      web: { scheme: "http", path: "/a" },
      "web-2": { scheme: "tls" },
    });
    expect(about).toEqual([
      'HTTPRoute/web spec.rules[0].backendRefs[1]: Traffic goes to one port of this application, not to "blog" as well.',
      "HTTPRoute/web spec.rules[0].filters: A manifest says hosts, path and port of an ingress, and no more.",
      "HTTPRoute/web spec.rules[0].matches[0].headers: A manifest says hosts, path and port of an ingress, and no more.",
      'HTTPRoute/web spec.rules[0].matches[0].path.type: "Exact" becomes a prefix: docc\'s paths count with all below them.',
      "TLSRoute/web spec: docc has a certificate issued and mounts it at /etc/docc/tls/web-2, beside the container's own.",
    ]);
  });
});

describe("of an autoscaler adopt writes", () => {
  const autoscaler = (spec: object) => ({
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 5, ...spec },
  });
  const cpu = (target: object) => ({
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", ...target } },
  });

  it.each<readonly [string, object, unknown]>([
    [
      "both ends and the target",
      { minReplicas: 2, metrics: [cpu({ averageUtilization: 50 })] },
      { min: 2, max: 5, cpu: 50 },
    ],
    [
      "no target that docc has by itself",
      { minReplicas: 2, metrics: [cpu({ averageUtilization: 70 })] },
      { min: 2, max: 5 },
    ],
    ["Kubernetes' defaults", {}, { min: 1, max: 5, cpu: 80 }],
  ])("%s", (_, spec, scale) => {
    expect(adopted([autoscaler(spec)])).toMatchObject({ scale, about: [] });
  });

  it("the range alone where it follows something else", () => {
    const { scale, about } = adopted([
      autoscaler({
        behavior: { scaleUp: { selectPolicy: "Min" } },
        metrics: [
          { type: "External", external: { metric: { name: "x" } } },
          cpu({ averageUtilization: 150 }),
        ],
      }),
    ]);
    expect(scale).toEqual({ min: 1, max: 5 });
    expect(about.map((line) => line.split(": ")[0])).toEqual([
      "HorizontalPodAutoscaler/web spec.behavior",
      "HorizontalPodAutoscaler/web spec.metrics[0]",
      "HorizontalPodAutoscaler/web spec.metrics[1]",
    ]);
  });

  it("nothing of a range that no manifest can have, or that nothing is measured for", () => {
    const { scale, about } = adopted([autoscaler({ minReplicas: 0 })]);
    expect(scale).toBe(3);
    expect(about).toEqual([
      "HorizontalPodAutoscaler/web spec: A manifest scales from 1 copy or more up to at least as many.",
    ]);
    expect(adopted([autoscaler({})], platforms.bare).scale).toBe(3);
  });
});

describe("of a PodDisruptionBudget adopt lists", () => {
  const budget = (spec: object) => ({
    kind: "PodDisruptionBudget",
    metadata: { name: "web" },
    spec: { selector: { matchLabels: labels }, ...spec },
  });

  it("nothing where docc makes the same, and what it makes otherwise", () => {
    expect(adopted([budget({ maxUnavailable: 1 })]).about).toEqual([]);
    expect(adopted([budget({ minAvailable: "50%" })]).about).toEqual([
      "PodDisruptionBudget/web spec.minAvailable: docc lets one copy go at a time, where there can be two.",
    ]);
  });
});

describe("what belongs to a Deployment", () => {
  const names = (objects: readonly object[]) =>
    belongings(deployment, objects).map((each) => String(Object(Object(each).metadata).name));

  it("is what selects its pods, however it says so", () => {
    const selecting = (name: string, selector: unknown, kind = "PodDisruptionBudget") => ({
      kind,
      metadata: { name },
      spec: { selector },
    });
    const expression = (key: string, operator: string, values: readonly string[] = []) => ({
      matchExpressions: [{ key, operator, values }],
    });
    expect(
      names([
        selecting("all", {}),
        selecting("none", undefined),
        selecting("in", expression("version", "In", ["1", "2"])),
        selecting("other", expression("version", "In", ["2"])),
        selecting("not-in", expression("version", "NotIn", ["1"])),
        selecting("exists", expression("version", "Exists")),
        selecting("absent", expression("tier", "DoesNotExist")),
        selecting("unknown", expression("tier", "Likes")),
        selecting("service", { version: "1" }, "Service"),
        selecting("narrow", { version: "1", tier: "x" }, "Service"),
        selecting("manual", {}, "Service"),
      ]),
    ).toEqual(["all", "in", "exists", "absent", "service"]);
  });

  it("is what leads to its Services, scales it or holds their certificates, and nothing else", () => {
    const tls = [{ secretName: "cert" }];
    const certificate = (secretName: string) => ({
      kind: "Certificate",
      metadata: { name: secretName },
      spec: { secretName },
    });
    const scaler = (kind: string, name: string) => ({
      kind: "HorizontalPodAutoscaler",
      metadata: { name: `${kind}-${name}` },
      spec: { scaleTargetRef: { kind, name } },
    });
    const away = {
      ...ingress([http("a.example.com", path("blog", {}))]),
      metadata: { name: "away" },
    };
    expect(
      names([
        certificate("cert"),
        certificate("another"),
        usual,
        away,
        ingress([http("a.example.com", toWeb)], { tls }),
        scaler("Deployment", "web"),
        scaler("Deployment", "blog"),
        scaler("StatefulSet", "web"),
      ]),
    ).toEqual(["cert", "web", "web", "Deployment-web"]);
  });
});
