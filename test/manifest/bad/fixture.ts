import { defaultPlatform, type Platform } from "../../../src/manifest/platform.ts";

/** A manifest that is refused, with everything that is said about it. */
export interface BadManifest {
  /** Completes the sentence: refuses ... */
  readonly what: string;
  readonly text: string | Uint8Array;
  readonly file?: string;
  readonly platform?: Platform;
  /** `code line:column path` of every finding; the path is left out where it is empty. */
  readonly findings: readonly string[];
  /** `message hint`, in the order of the text, where the words matter. */
  readonly says?: readonly string[];
  /** What no finding may show. */
  readonly hides?: string;
}

/** A small valid manifest in YAML; each case spoils a line of it. */
export const application = "application: shop";
export const maintainer = "maintainer: shop@corp.example.com";
export const image = "image: r.example.com/shop";
export const tag = "image_tag: v1";
const containers =
  "containers: { web: { image: r.example.com/shop, image_tag: v1, ports: [8080], memory: 512Mi, health: {path: /} } }";

export const yaml = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** Further keys of the manifest, from line 4 on. */
export const withLines = (...lines: readonly string[]): string =>
  yaml(application, maintainer, containers, ...lines);

/** The container `web`, its lines from line 5 on and four columns in. */
export const withContainer = (...lines: readonly string[]): string =>
  yaml(application, maintainer, "containers:", "  web:", ...lines.map((line) => `    ${line}`));

/** The container `web` with an image, and more from line 7 on. */
export const withFields = (...lines: readonly string[]): string =>
  withContainer(image, tag, ...lines);

/** The ingress `shop` in one line, which is line 4; its first key stands in column 20. */
export const withIngress = (fields: string, ...lines: readonly string[]): string =>
  withLines(`ingresses: {shop: {${fields}}}`, ...lines);

/** The container `web` in JSON, over several lines; `"web": {` is line 5. */
export const json = (container: object, rest: object = {}): string =>
  JSON.stringify(
    {
      application: "shop",
      maintainer: "shop@corp.example.com",
      containers: { web: { image: "r.example.com/shop", image_tag: "v1", ...container } },
      ...rest,
    },
    null,
    2,
  );

export const platforms = {
  /** Its ingress controller passes no TLS through. */
  plain: { ...defaultPlatform, ingress: { className: "nginx", profile: "plain" } },
  registries: { ...defaultPlatform, registries: ["r.example.com", "localhost:5000"] },
  environments: { ...defaultPlatform, environments: ["staging", "production"] },
  /** Hosts in its own domain alone. */
  closed: { ...defaultPlatform, domains: [] },
  domains: {
    ...defaultPlatform,
    domains: ["example.org"],
    teamDomains: { payments: ["pay.example.net"], "2017": ["year.example.net"] },
  },
  rootAllowed: { ...defaultPlatform, allowRoot: true },
  /** Asks for no cpu on its own. */
  bare: { ...defaultPlatform, defaults: { readOnly: true } },
} as const satisfies Record<string, Platform>;
