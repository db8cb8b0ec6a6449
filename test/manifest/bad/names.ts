import {
  application,
  type BadManifest,
  image,
  json,
  maintainer,
  platforms,
  tag,
  withContainer,
  withFields,
  withIngress,
  withLines,
  yaml,
} from "./fixture.ts";

const containers = `containers: {web: {${image}, ${tag}}}`;

/** Names of things, images and people. */
export const badNames: readonly BadManifest[] = [
  ...["Shop", "2shop", "shop-", "-shop", "sh_op", "shop.web", "", "a".repeat(51)].map((name) => ({
    what: `${JSON.stringify(name)} as an application`,
    text: yaml(`application: "${name}"`, maintainer, containers),
    findings: ["bad-name 1:14 application"],
  })),
  {
    what: "a name that is too long and has wrong characters, once",
    text: yaml(`application: ${"Shop_".repeat(12)}`, maintainer, containers),
    findings: ["bad-name 1:14 application"],
  },
  {
    what: "a bad container name, and what is under it",
    text: yaml(application, maintainer, "containers: {Web_1: {image: a/b}}"),
    findings: ["bad-name 3:14 containers.Web_1", "missing-key 3:14 containers.Web_1.image_tag"],
  },
  {
    what: "a container name that would reach the terminal, in one harmless line",
    text: yaml(application, maintainer, 'containers: {"a\\e[31m\\nb": {image: a/b}}'),
    findings: ['bad-name 3:14 containers["a b"]', 'missing-key 3:14 containers["a b"].image_tag'],
    says: [
      '"a b" cannot name a container. Use lower-case letters, digits and hyphens, at most 63, with a letter or digit at both ends.',
      '"image_tag" is missing in containers["a b"]. "image_tag" is the tag of the image, in quotes, like "2017"; image_digest pins one instead.',
    ],
  },
  {
    what: "a bad ingress name",
    text: withLines("ingresses: {Shop: {scheme: http, container_port: 8080}}"),
    findings: ["bad-name 4:13 ingresses.Shop"],
  },
  {
    what: "an ingress name that is too long with the application's",
    text: withLines(`ingresses: {${"a".repeat(59)}: {scheme: http, container_port: 8080}}`),
    findings: [`bad-name 4:13 ingresses.${"a".repeat(59)}`],
  },
  {
    what: "an application that is too long, without blaming its ingresses",
    text: yaml(
      `application: ${"a".repeat(60)}`,
      maintainer,
      `containers: {web: {${image}, ${tag}, ports: [80]}}`,
      "ingresses: {shop: {scheme: http, container_port: 80}}",
    ),
    findings: ["bad-name 1:14 application"],
  },
  {
    what: "bad names of variables",
    text: withFields(
      "env:",
      "  1A: x",
      "  A-B: x",
      "  a.b: x",
      '  "": x',
      `  ${"A".repeat(129)}: x`,
    ),
    findings: [
      "bad-name 8:7 containers.web.env.1A",
      "bad-name 9:7 containers.web.env.A-B",
      'bad-name 10:7 containers.web.env["a.b"]',
      'bad-name 11:7 containers.web.env[""]',
      `bad-name 12:7 containers.web.env["${"A".repeat(59)}…"]`,
    ],
  },
  {
    what: "bad names of a Secret, a ConfigMap and their keys",
    text: withFields(
      "env:",
      "  A: {secret: Shop_DB, key: url}",
      "  B: {config: -shop, key: a/b}",
      "  C: {config: shop, key: ..}",
    ),
    findings: [
      "bad-name 8:19 containers.web.env.A.secret",
      "bad-name 9:19 containers.web.env.B.config",
      "bad-name 9:31 containers.web.env.B.key",
      "bad-name 10:30 containers.web.env.C.key",
    ],
  },
  {
    what: "a bad name of a Secret with a certificate",
    text: withIngress("scheme: https, container_port: 8080, tls_secret: Shop"),
    findings: ["bad-name 4:69 ingresses.shop.tls_secret"],
  },
  {
    what: "bad names of ports",
    text: withFields(
      "ports:",
      "  - {port: 80, name: HTTP}",
      '  - {port: 81, name: "81"}',
      "  - {port: 82, name: a--b}",
      "  - {port: 83, name: sixteen-letters-}",
    ),
    findings: [
      "bad-name 8:26 containers.web.ports[0].name",
      "bad-name 9:26 containers.web.ports[1].name",
      "bad-name 10:26 containers.web.ports[2].name",
      "bad-name 11:26 containers.web.ports[3].name",
    ],
  },
  {
    what: "a bad name of an environment, once where the operator has a list, too",
    text: withLines("environments: {Production: {scale: 2}}"),
    platform: platforms.environments,
    findings: ["bad-name 4:16 environments.Production"],
  },

  {
    what: "an address of a JSON Schema that is no address any more",
    text: withLines(`$schema: ${"a".repeat(1_001)}`),
    findings: ["bad-value 4:10 $schema"],
  },

  // Images, tags and digests.
  ...[
    "r.example.com/shop:v1",
    "r.example.com/shop@sha256:0",
    "https://r.example.com/shop",
    "r.example.com/Shop",
    "r.example.com/shop/",
    "r.example.com//shop",
    "shop image",
    "../shop",
    "",
    `r.example.com/${"a".repeat(250)}`,
  ].map((name) => ({
    what: `${JSON.stringify(name)} as an image`,
    text: withContainer(`image: "${name}"`, tag),
    findings: ["bad-image 5:12 containers.web.image"],
  })),
  ...["-v1", ".v1", "v 1", "v1@sha256:0", "a".repeat(129), ""].map((name) => ({
    what: `${JSON.stringify(name)} as a tag`,
    text: withContainer(image, `image_tag: "${name}"`),
    findings: ["bad-tag 6:16 containers.web.image_tag"],
  })),
  ...[
    "sha256:0",
    "a".repeat(64),
    `sha256:${"A".repeat(64)}`,
    `sha512:${"a".repeat(64)}`,
    `@sha256:${"a".repeat(64)}`,
    "",
  ].map((digest) => ({
    what: `${JSON.stringify(digest)} as a digest`,
    text: withContainer(image, `image_digest: "${digest}"`),
    findings: ["bad-digest 6:19 containers.web.image_digest"],
  })),
  {
    what: "an image without a version",
    text: withContainer(image),
    findings: ["missing-key 4:3 containers.web.image_tag"],
  },
  {
    what: "an image without a version in JSON",
    text: json({ image_tag: undefined }),
    findings: ["missing-key 5:5 containers.web.image_tag"],
  },
  {
    what: "a tag beside a digest, at the one that is written second",
    text: withContainer(image, `image_digest: sha256:${"0".repeat(64)}`, tag),
    findings: ["exclusive-keys 7:5 containers.web.image_tag"],
    says: [
      '"image_tag" stands beside "image_digest", and only one of them can be. Keep the one that you mean.',
    ],
  },
  ...["evil.example.com/shop", "shop", "r.example.com:5000/shop", "localhost/shop"].map((name) => ({
    what: `${JSON.stringify(name)} from a registry off the list`,
    text: withContainer(`image: ${name}`, tag),
    platform: platforms.registries,
    findings: ["registry-not-allowed 5:12 containers.web.image"],
  })),
  {
    what: "what is no image, without asking for its registry",
    text: withContainer("image: https://r.example.com/shop", tag),
    platform: platforms.registries,
    findings: ["bad-image 5:12 containers.web.image"],
    says: [
      '"https://r.example.com/shop" is not a repository. Leave out the scheme: registry.example.com/team/app.',
    ],
  },

  // People, places and addresses.
  ...[
    "shop team",
    "@shop",
    "<@U0123456789>",
    "[email protected]",
    "shop@localhost",
    "a@b@c.example",
    "u0123456789",
    "D0123456789",
    "",
  ].map((name) => ({
    what: `${JSON.stringify(name)} as a maintainer`,
    text: yaml(application, `maintainer: "${name}"`, containers),
    findings: ["bad-maintainer 2:13 maintainer"],
  })),
  {
    what: "one bad maintainer in a list",
    text: yaml(application, "maintainer: [a@b.example, shop]", containers),
    findings: ["bad-maintainer 2:27 maintainer[1]"],
  },
  {
    what: "no maintainer at all",
    text: yaml(application, "maintainer: []", containers),
    findings: ["bad-maintainer 2:13 maintainer"],
  },
  {
    what: "eleven maintainers",
    text: yaml(
      application,
      `maintainer: [${Array.from({ length: 11 }, () => "a@b.example").join(", ")}]`,
      containers,
    ),
    findings: ["too-many 2:13 maintainer"],
  },
  ...["pay ments", "-payments", "payments.", "a".repeat(64), ""].map((name) => ({
    what: `${JSON.stringify(name)} as a team`,
    text: withLines(`team: "${name}"`),
    findings: ["bad-name 4:7 team"],
  })),
  ...["#deploys", "deploys", "U0123456789", "c0123456789", "C01", "D0123456789", ""].map(
    (name) => ({
      what: `${JSON.stringify(name)} as a channel`,
      text: withLines(`channel: "${name}"`),
      findings: ["bad-channel 4:10 channel"],
    }),
  ),
  {
    what: "bad names of links",
    text: withLines(
      "links:",
      "  Logs: https://example.com",
      `  ${"a".repeat(31)}: https://example.com`,
    ),
    findings: ["bad-name 5:3 links.Logs", `bad-name 6:3 links.${"a".repeat(31)}`],
  },
  ...[
    ["http://example.com", "Use https."],
    ["example.com", "Write it like https://grafana.example.com/d/{app}."],
    ["javascript:alert(1)", "Write it like https://grafana.example.com/d/{app}."],
    ["https://{app}.example.com", "Nothing is filled into the host."],
    [
      "https://example.com/{application}",
      "docc fills in {app}, {from}, {to}, and not {application}.",
    ],
    ["https://example.com/{app", "docc fills in {app}, {from}, {to}, and not {app."],
    ["https://exa mple.com/", "Write it like https://grafana.example.com/d/{app}."],
    ["https://example.com/<b>", "Write it like https://grafana.example.com/d/{app}."],
    ["https://example.com:99999/", "Write it like https://grafana.example.com/d/{app}."],
    ["", "Write it like https://grafana.example.com/d/{app}."],
  ].map(([link = "", hint = ""]) => ({
    what: `${JSON.stringify(link)} as a link`,
    text: withLines(`links: {logs: "${link}"}`),
    findings: ["bad-url 4:15 links.logs"],
    says: [`"logs" is no link that docc can show. ${hint}`],
  })),
  {
    what: "a link with a name and a password, which stay where they are",
    text: withLines("links: {logs: 'https://admin:hunter2@logs.example.com/'}"),
    findings: ["bad-url 4:15 links.logs"],
    says: ['"logs" is no link that docc can show. Leave out name and password.'],
    hides: "hunter2",
  },
  {
    what: "a link beyond 2000 characters",
    text: withLines(`links: {logs: "https://example.com/${"a".repeat(2_000)}"}`),
    findings: ["bad-url 4:15 links.logs"],
  },
];
