import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";

/** `code line:column path`; the path is left out where it is empty. */
type Expected = string;

export interface BadManifest {
  /** Completes the sentence: refuses ... */
  readonly what: string;
  readonly text: string | Uint8Array;
  readonly file?: string;
  readonly platform?: Platform;
  readonly findings: readonly Expected[];
}

/** A small valid manifest in YAML; each case spoils a line of it. */
const application = "application: shop";
const maintainer = "maintainer: shop@corp.example.com";
const containers =
  "containers: { web: { image: r.example.com/shop, image_tag: v1, ports: [8080] } }";

const yaml = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;
const withLines = (...lines: readonly string[]): string =>
  yaml(application, maintainer, containers, ...lines);
const withContainer = (...lines: readonly string[]): string =>
  yaml(application, maintainer, "containers:", "  web:", ...lines.map((line) => `    ${line}`));
const image = "image: r.example.com/shop";
const tag = "image_tag: v1";

const plain: Platform = { ...defaultPlatform, ingress: { className: "nginx", profile: "plain" } };
const registries: Platform = {
  ...defaultPlatform,
  registries: ["r.example.com", "localhost:5000"],
};

const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));

export const badManifests: readonly BadManifest[] = [
  // Text that cannot be read.
  { what: "UTF-16", text: utf16(application), findings: ["not-parsable 1:1"] },
  {
    what: "bytes that are not UTF-8, where they stand",
    text: new Uint8Array([...Buffer.from("a: \ufffd\nb: x"), 0xff, 0x0a]),
    findings: ["not-parsable 2:5"],
  },
  { what: "a lone surrogate", text: "a: x\ud800", findings: ["not-parsable 1:5"] },
  { what: "a NUL byte", text: "a: b\nc: d\0", findings: ["not-parsable 2:5"] },
  { what: "a file over 256 KiB", text: `#${"x".repeat(256 * 1024)}`, findings: ["too-big 1:1"] },
  { what: "too many lexical pieces", text: "- \n".repeat(40_000), findings: ["too-big 1:1"] },
  { what: "deep JSON", text: `{"a":${"[".repeat(40)}`, findings: ["too-deep 1:37"] },
  { what: "deep YAML brackets", text: `a: ${"[".repeat(40)}`, findings: ["too-deep 1:35"] },
  { what: "deep YAML lists", text: "- ".repeat(40), findings: ["too-deep 1:65"] },

  // JSON that is not JSON.
  {
    what: "a forgotten comma between members, and goes on",
    text: '{"application": "shop"\n "scale": 1.5,\n "containers": {}}',
    findings: [
      "missing-key 1:1 maintainer",
      "not-parsable 1:23",
      "wrong-type 2:11 scale",
      "no-containers 3:2 containers",
    ],
  },
  {
    what: "a forgotten comma that no space can hold",
    text: '{"application": "shop""scale": 1}',
    findings: ["not-parsable 1:23"],
  },
  {
    what: "a comma before a closing brace, and goes on",
    text: '{"application": "shop",\n "scale": 1,\n}',
    findings: ["missing-key 1:1 containers", "missing-key 1:1 maintainer", "not-parsable 2:12"],
  },
  { what: "a forgotten colon", text: '{"application" "shop"}', findings: ["not-parsable 1:15"] },
  { what: "a key without quotes", text: '{application: "shop"}', findings: ["not-parsable 1:2"] },
  { what: "single quotes in JSON", text: "{'application': 1}", findings: ["not-parsable 1:2"] },
  { what: "typographic quotes", text: '{"application": “shop”}', findings: ["not-parsable 1:17"] },
  { what: "a comment in JSON", text: '{ // app\n"a": 1}', findings: ["not-parsable 1:3"] },
  {
    what: "a comment at the start of a .json file",
    text: "# x\n{}",
    file: "a.JSON",
    findings: ["not-parsable 1:1"],
  },
  {
    what: "YAML in a .json file",
    text: application,
    file: "a.json",
    findings: ["not-parsable 1:1"],
  },
  { what: "an unclosed brace", text: '{"a": {"b": 1}\n', findings: ["not-parsable 1:1"] },
  { what: "an unclosed string", text: '{"a": "b\n}', findings: ["not-parsable 1:7"] },
  { what: "a wrong escape", text: '{"a": "\\x"}', findings: ["not-parsable 1:8"] },
  { what: "a raw control character", text: '{"a": "\t"}', findings: ["not-parsable 1:8"] },
  { what: "a leading zero", text: '{"scale": 03}', findings: ["not-parsable 1:11"] },
  { what: "text after the manifest", text: '{"a": 1}\n{"b": 2}', findings: ["not-parsable 2:1"] },
  { what: "True in JSON", text: '{"auto_tls": True}', findings: ["not-parsable 1:14"] },
  { what: "no-break space in JSON", text: '{"a":\u00a01}', findings: ["not-parsable 1:6"] },

  // YAML that is not YAML, or hides something.
  { what: "tabs as indentation", text: "containers:\n\tweb: 1\n", findings: ["not-parsable 2:1"] },
  { what: "two keys on one line", text: "application: shop: x\n", findings: ["not-parsable 1:14"] },
  {
    what: "an unclosed quote in YAML",
    text: "application: 'shop\n",
    findings: ["not-parsable 1:14"],
  },
  { what: "crooked indentation", text: "a:\n  b: 1\n c: 2\n", findings: ["not-parsable 3:1"] },
  { what: "an anchor", text: withLines("scale: &s 3"), findings: ["yaml-feature 4:8"] },
  { what: "an alias", text: withLines("scale: *s"), findings: ["yaml-feature 4:8"] },
  { what: "a tag of YAML", text: withLines("scale: !!int 3"), findings: ["yaml-feature 4:8"] },
  { what: "a merge key", text: withLines("<<: {scale: 3}"), findings: ["yaml-feature 4:1"] },
  {
    what: "a YAML directive, which changes what yes means",
    text: `%YAML 1.1\n---\n${withLines("auto_tls: yes")}`,
    findings: ["yaml-feature 1:1"],
  },
  {
    what: "a second document",
    text: `${withLines()}---\n${withLines()}`,
    findings: ["several-documents 4:1"],
  },

  // Something else than a manifest.
  { what: "an empty file", text: "", findings: ["not-a-manifest 1:1"] },
  { what: "an empty .json file", text: " \n", file: "a.json", findings: ["not-a-manifest 1:1"] },
  { what: "a file of comments", text: "# later\n", findings: ["not-a-manifest 1:1"] },
  { what: "null", text: "~", findings: ["not-a-manifest 1:1"] },
  { what: "a list", text: "- application: shop\n", findings: ["not-a-manifest 1:1"] },
  { what: "a JSON list", text: '[{"application": "shop"}]', findings: ["not-a-manifest 1:1"] },
  { what: "a word", text: "kubecon-2017", findings: ["not-a-manifest 1:1"] },
  {
    what: "a Kubernetes object",
    text: "apiVersion: apps/v1\nkind: Deployment\n",
    findings: ["not-a-manifest 1:1"],
  },
  {
    what: "several Kubernetes objects, naming the first",
    text: "---\napiVersion: v1\nkind: Service\n---\napiVersion: apps/v1\nkind: Deployment\n",
    findings: ["not-a-manifest 2:1"],
  },
  {
    what: "a Compose file",
    text: "services:\n  web: {image: nginx}\n",
    findings: ["not-a-manifest 1:1"],
  },

  // Keys.
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
  { what: "__proto__", text: withLines("__proto__: {scale: 9}"), findings: ["reserved-key 4:1"] },
  {
    what: "constructor as a container",
    text: withLines("ingresses: {constructor: 1}"),
    findings: ["reserved-key 4:13 ingresses"],
  },
  { what: "prototype", text: withLines("prototype: 1"), findings: ["reserved-key 4:1"] },
  { what: "a number as a key", text: withLines("8080: 1"), findings: ["wrong-type 4:1"] },
  { what: "a list as a key", text: withLines("? [a]", ": 1"), findings: ["wrong-type 4:3"] },
  { what: "an unknown key", text: withLines("env: {}"), findings: ["unknown-key 4:1 env"] },
  {
    what: "an unknown key of a container",
    text: withContainer(image, tag, "prots: [1]"),
    findings: ["unknown-key 7:5 containers.web.prots"],
  },
  {
    what: "a key with a dot in it",
    text: withLines('"a.b": 1'),
    findings: ['unknown-key 4:1 ["a.b"]'],
  },
  {
    what: "missing keys, all at once",
    text: "scale: 1\n",
    findings: [
      "missing-key 1:1 application",
      "missing-key 1:1 containers",
      "missing-key 1:1 maintainer",
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

  // Types.
  {
    what: "a number as a tag",
    text: withContainer(image, "image_tag: 2017"),
    findings: ["wrong-type 6:16 containers.web.image_tag"],
  },
  {
    what: "1.10 as a tag",
    text: withContainer(image, "image_tag: 1.10"),
    findings: ["wrong-type 6:16 containers.web.image_tag"],
  },
  {
    what: "an empty value",
    text: withContainer(image, "image_tag:"),
    findings: ["wrong-type 6:15 containers.web.image_tag"],
  },
  { what: "text as scale", text: withLines('scale: "3"'), findings: ["wrong-type 4:8 scale"] },
  { what: "half a copy", text: withLines("scale: 1.5"), findings: ["wrong-type 4:8 scale"] },
  { what: "endless scale", text: withLines("scale: .inf"), findings: ["wrong-type 4:8 scale"] },
  {
    what: "yes as a truth value",
    text: withLines("auto_tls: yes"),
    findings: ["wrong-type 4:11 auto_tls"],
  },
  {
    what: "containers as a list",
    text: yaml(application, maintainer, "containers: []"),
    findings: ["wrong-type 3:13 containers"],
  },
  {
    what: "a container as text",
    text: yaml(application, maintainer, "containers: {web: nginx}"),
    findings: ["wrong-type 3:19 containers.web"],
  },
  {
    what: "one port outside a list",
    text: withContainer(image, tag, "ports: 8080"),
    findings: ["wrong-type 7:12 containers.web.ports"],
  },
  {
    what: "text among ports",
    text: withContainer(image, tag, 'ports: [80, "81"]'),
    findings: ["wrong-type 7:17 containers.web.ports[1]"],
  },
  {
    what: "a number as scheme",
    text: withLines("ingresses: {shop: {scheme: 1, container_port: 8080}}"),
    findings: ["wrong-type 4:28 ingresses.shop.scheme"],
  },
  {
    what: "a number as maintainer",
    text: yaml(application, "maintainer: 7", containers),
    findings: ["wrong-type 2:13 maintainer"],
  },
  {
    what: "a number among maintainers",
    text: yaml(application, "maintainer: [a@b.example, 7]", containers),
    findings: ["wrong-type 2:27 maintainer[1]"],
  },

  // Names, numbers and values.
  ...["Shop", "2shop", "shop-", "-shop", "sh_op", "shop.web", "", "a".repeat(51)].map((name) => ({
    what: `${JSON.stringify(name)} as an application`,
    text: yaml(`application: "${name}"`, maintainer, containers),
    findings: ["bad-name 1:14 application"],
  })),
  {
    what: "a bad container name, and what is under it",
    text: yaml(application, maintainer, "containers: {Web_1: {image: a/b}}"),
    findings: ["bad-name 3:14 containers.Web_1", "missing-key 3:14 containers.Web_1.image_tag"],
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
  { what: "a negative scale", text: withLines("scale: -1"), findings: ["out-of-range 4:8 scale"] },
  {
    what: "a scale over the operator's cap",
    text: withLines("scale: 101"),
    findings: ["out-of-range 4:8 scale"],
  },
  {
    what: "an unsafe integer",
    text: withLines("scale: 1e300"),
    findings: ["out-of-range 4:8 scale"],
  },
  {
    what: "port 0",
    text: withContainer(image, tag, "ports: [0]"),
    findings: ["out-of-range 7:13 containers.web.ports[0]"],
  },
  {
    what: "port 65536",
    text: withContainer(image, tag, "ports: [65536]"),
    findings: ["out-of-range 7:13 containers.web.ports[0]"],
  },
  {
    what: "an unknown scheme",
    text: withLines("ingresses: {shop: {scheme: htttp, container_port: 8080}}"),
    findings: ["bad-value 4:28 ingresses.shop.scheme"],
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
    what: "51 ports",
    text: withContainer(
      image,
      tag,
      `ports: [${Array.from({ length: 51 }, (_, index) => index + 1).join(", ")}]`,
    ),
    findings: ["too-many 7:12 containers.web.ports"],
  },

  // Images and tags.
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
  ...["evil.example.com/shop", "shop", "r.example.com:5000/shop", "localhost/shop"].map((name) => ({
    what: `${JSON.stringify(name)} from a registry off the list`,
    text: withContainer(`image: ${name}`, tag),
    platform: registries,
    findings: ["registry-not-allowed 5:12 containers.web.image"],
  })),

  // Maintainers.
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

  // Rules across fields.
  {
    what: "a port listed twice in one container",
    text: withContainer(image, tag, "ports: [80, 80]"),
    findings: ["duplicate-port 7:17 containers.web.ports[1]"],
  },
  {
    what: "a port listed by two containers",
    text: yaml(
      application,
      maintainer,
      "containers:",
      "  a: {image: a, image_tag: b, ports: [80]}",
      "  b: {image: a, image_tag: b, ports: [80]}",
    ),
    findings: ["duplicate-port 5:39 containers.b.ports[0]"],
  },
  {
    what: "an ingress to a port nobody lists",
    text: withLines("ingresses: {shop: {scheme: http, container_port: 808}}"),
    findings: ["no-such-port 4:50 ingresses.shop.container_port"],
  },
  {
    what: "a refused port, without blaming the ingress that wants it",
    text: `${withContainer(image, tag, 'ports: ["80"]')}ingresses: {shop: {scheme: http, container_port: 80}}\n`,
    findings: ["wrong-type 7:13 containers.web.ports[0]"],
  },
  {
    what: "https without auto_tls",
    text: withLines("ingresses: {shop: {scheme: https, container_port: 8080}}"),
    findings: ["tls-needs-auto_tls 4:28 ingresses.shop.scheme"],
  },
  {
    what: "tls without auto_tls",
    text: withLines("auto_tls: false", "ingresses: {shop: {scheme: tls, container_port: 8080}}"),
    findings: ["tls-needs-auto_tls 5:28 ingresses.shop.scheme"],
  },
  {
    what: "tls where the controller cannot pass it through",
    text: withLines("auto_tls: true", "ingresses: {shop: {scheme: tls, container_port: 8080}}"),
    platform: plain,
    findings: ["tls-not-supported 5:28 ingresses.shop.scheme"],
  },
];
