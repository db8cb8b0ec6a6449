import {
  application,
  type BadManifest,
  image,
  json,
  maintainer,
  tag,
  withContainer,
  withFields,
  withIngress,
  withLines,
  yaml,
} from "./fixture.ts";

/** Keys that are twice there, refused, unknown, misspelt, missing or too many. */
export const badKeys: readonly BadManifest[] = [
  {
    what: "a duplicate key, at the second one",
    text: '{"application": "a", "maintainer": "a@b.example",\n"containers": {"x": {"image": "good", "image_tag": "1", "image": "evil"}}}',
    findings: ["duplicate-key 2:57 containers.x.image"],
  },
  {
    what: "a duplicate key in YAML",
    text: withLines("scale: 1", "scale: 2"),
    findings: ["duplicate-key 5:1 scale"],
  },
  {
    what: "a variable that is given twice",
    text: withFields("env:", "  A: x", "  A: y"),
    findings: ["duplicate-key 9:7 containers.web.env.A"],
  },
  { what: "__proto__", text: withLines("__proto__: {scale: 9}"), findings: ["reserved-key 4:1"] },
  {
    what: "constructor as a container",
    text: withLines("ingresses: {constructor: 1}"),
    findings: ["reserved-key 4:13 ingresses"],
  },
  { what: "prototype", text: withLines("prototype: 1"), findings: ["reserved-key 4:1"] },
  { what: "a number as a key", text: withLines("8080: 1"), findings: ["wrong-type 4:1"] },
  { what: "a list as a key", text: withLines("? [a]", ": 1"), findings: ["wrong-type 4:3"] },
  {
    what: "an unknown key, and lists those there are",
    text: withLines("env: {}"),
    findings: ["unknown-key 4:1 env"],
    says: [
      '"env" is no key of a manifest. The keys are application, maintainer, team, scale, containers, ingresses, auto_tls, environments, links, channel, deploy.',
    ],
  },
  {
    what: "a key with a dot in it",
    text: withLines('"a.b": 1'),
    findings: ['unknown-key 4:1 ["a.b"]'],
  },
  {
    what: "a misspelt key of a container",
    text: withFields("prots: [1]"),
    findings: ["unknown-key 7:5 containers.web.prots"],
    says: ['"prots" is no key of containers.web. Did you mean "ports"?'],
  },
  {
    what: "a misspelt key in JSON",
    text: json({ imaeg_digest: "x" }),
    findings: [
      "unknown-key 8:7 containers.web.imaeg_digest",
      "bad-digest 8:23 containers.web.image_digest",
      "exclusive-keys 8:7 containers.web.image_digest",
    ],
  },
  {
    what: "a misspelt required key, without missing it as well",
    text: withContainer(image, "image_tga: v1"),
    findings: ["unknown-key 6:5 containers.web.image_tga"],
  },
  {
    what: "a misspelt list of ports, without missing the port that an ingress leads to",
    text: yaml(
      application,
      maintainer,
      `containers: {web: {${image}, ${tag}, prots: [80]}}`,
      "ingresses: {shop: {scheme: http, container_port: 80}}",
    ),
    findings: ["unknown-key 3:62 containers.web.prots"],
  },
  {
    what: "a misspelt auto_tls, without missing a certificate",
    text: withIngress("scheme: https, container_port: 8080", "auto_tsl: true"),
    findings: ["unknown-key 5:1 auto_tsl"],
  },
  {
    what: "a misspelt way to ask for health, without missing one",
    text: withFields("ports: [80]", "health: {pth: /healthz}"),
    findings: ["unknown-key 8:14 containers.web.health.pth"],
  },
  {
    what: "a misspelt source of a variable, without missing one",
    text: withFields("env: {DB: {secrt: shop-db, key: url}}"),
    findings: ["unknown-key 7:16 containers.web.env.DB.secrt"],
  },
  {
    what: "what stands under a misspelt key",
    text: withLines("Scale: many"),
    findings: ["unknown-key 4:1 Scale", "wrong-type 4:8 scale"],
  },
  {
    what: "a misspelt key beside the right one, as one too many",
    text: withFields("port: [80]", "ports: [8080]"),
    findings: ["unknown-key 7:5 containers.web.port"],
    says: ['"port" is no key of containers.web. "ports" is there already: remove one of them.'],
  },
  {
    what: "two misspelt keys for one",
    text: withFields("prots: [80]", "potrs: [8080]"),
    findings: ["unknown-key 7:5 containers.web.prots", "unknown-key 8:5 containers.web.potrs"],
  },
  {
    what: "missing keys, all at once",
    text: "scale: 1\n",
    findings: [
      "missing-key 1:1 application",
      "missing-key 1:1 maintainer",
      "missing-key 1:1 containers",
    ],
  },
  {
    what: "missing keys in JSON, where the object starts",
    text: '\n{\n  "scale": 1\n}',
    findings: [
      "missing-key 2:1 application",
      "missing-key 2:1 maintainer",
      "missing-key 2:1 containers",
    ],
  },
  {
    what: "a missing image",
    text: withContainer(tag),
    findings: ["missing-key 4:3 containers.web.image"],
  },
  {
    what: "an ingress without its keys",
    text: withLines("ingresses: {shop: {}}"),
    findings: [
      "missing-key 4:13 ingresses.shop.container_port",
      "missing-key 4:13 ingresses.shop.scheme",
    ],
  },
  {
    what: "a port without its number, at its place in the list",
    text: withFields("ports:", "  - 80", "  - name: metrics"),
    findings: ["missing-key 9:9 containers.web.ports[1].port"],
  },
  {
    what: "a port without its number in JSON",
    text: json({ ports: [{ protocol: "TCP" }] }),
    findings: ["missing-key 9:9 containers.web.ports[0].port"],
  },
  {
    what: "a secret without its key",
    text: withFields("env: {DB: {secret: shop-db}}"),
    findings: ["missing-key 7:11 containers.web.env.DB.key"],
  },
  {
    what: "a range without its greatest scale",
    text: withLines("scale: {min: 2}"),
    findings: ["missing-key 4:1 scale.max"],
  },
  {
    what: "a refused key, without missing what it may hold",
    text: yaml(
      application,
      maintainer,
      "containers:",
      "  web:",
      "    <<: {image: a}",
      `    ${tag}`,
    ),
    findings: ["yaml-feature 5:5 containers.web"],
  },
  {
    what: "a refused container, without missing containers or its ports",
    text: `${yaml(application, maintainer, "containers: {8080: {ports: [80]}}")}ingresses: {shop: {scheme: http, container_port: 80}}\n`,
    findings: ["wrong-type 3:14 containers"],
  },
  {
    what: "a refused container or ingress, without missing it in an environment",
    text: yaml(
      application,
      maintainer,
      `containers: {8080: {${image}}, web: {${image}, ${tag}}}`,
      "ingresses: {<<: {}, a: {scheme: http, container_port: 80}}",
      "environments:",
      "  production: {containers: {other: {cpu: 1}}, ingresses: {b: {}}}",
    ),
    findings: ["wrong-type 3:14 containers", "yaml-feature 4:13 ingresses"],
  },
  {
    what: "a refused key of a health check, without missing a way to ask",
    text: withFields("health: {<<: {path: /}}"),
    findings: ["yaml-feature 7:14 containers.web.health"],
  },
  {
    what: "no containers",
    text: yaml(application, maintainer, "containers: {}"),
    findings: ["no-containers 3:1 containers"],
  },
  {
    what: "eleven containers",
    text: yaml(
      application,
      maintainer,
      "containers:",
      ...Array.from({ length: 11 }, (_, index) => `  c${index}: {image: a, image_tag: b}`),
    ),
    findings: ["too-many 3:1 containers"],
  },
  {
    what: "21 ingresses",
    text: withLines(
      "ingresses:",
      ...Array.from(
        { length: 21 },
        (_, index) => `  i${index}: {scheme: http, container_port: 8080}`,
      ),
    ),
    findings: ["too-many 4:1 ingresses"],
  },
  {
    what: "21 environments",
    text: withLines(
      "environments:",
      ...Array.from({ length: 21 }, (_, index) => `  e${index}: {}`),
    ),
    findings: ["too-many 4:1 environments"],
  },
  {
    what: "101 variables, of a container and of an environment",
    text: withFields("env:", ...Array.from({ length: 101 }, (_, index) => `  A${index}: x`)).concat(
      yaml(
        "environments:",
        "  production:",
        "    env:",
        ...Array.from({ length: 101 }, (_, index) => `      A${index}: x`),
      ),
    ),
    findings: ["too-many 7:5 containers.web.env", "too-many 111:5 environments.production.env"],
  },
  {
    what: "21 links",
    text: withLines(
      "links:",
      ...Array.from({ length: 21 }, (_, index) => `  l${index}: https://example.com`),
    ),
    findings: ["too-many 4:1 links"],
  },
];
