import { type BadManifest, platforms, withIngress, withLines } from "./fixture.ts";

const environment = (...lines: readonly string[]): string =>
  withLines("environments:", "  production:", ...lines.map((line) => `    ${line}`));

/** What differs in environments. */
export const badEnvironments: readonly BadManifest[] = [
  {
    what: "an environment that is a slip for one of the operator's",
    text: withLines("environments: {stagin: {}, lab: {scale: 2}}"),
    platform: platforms.environments,
    findings: ["no-such-environment 4:16 environments.stagin"],
    says: ['There is no environment "stagin". Did you mean "staging"?'],
  },
  {
    what: "a field that environments cannot differ in",
    text: environment("image_tag: v2"),
    findings: ["unknown-key 6:5 environments.production.image_tag"],
  },
  {
    what: "a container that the manifest does not have",
    text: environment("containers: {wbe: {cpu: 1}}"),
    findings: ["no-such-container 6:18 environments.production.containers.wbe"],
    says: ['The manifest has no container "wbe". Did you mean "web"?'],
  },
  {
    what: "an ingress that the manifest does not have",
    text: withIngress(
      "scheme: http, container_port: 8080}, admin: {scheme: http, container_port: 8080",
      "environments: {production: {ingresses: {web: {hosts: [a.example.com]}}}}",
    ),
    findings: ["no-such-ingress 5:41 environments.production.ingresses.web"],
    says: ['The manifest has no ingress "web". It has shop, admin.'],
  },
  {
    what: "an ingress of an environment where the manifest has none at all",
    text: environment("ingresses: {shop: {hosts: [a.example.com]}}"),
    findings: ["no-such-ingress 6:17 environments.production.ingresses.shop"],
    says: ['The manifest has no ingress "shop". It has no ingress at all.'],
  },
  {
    what: "hosts of an environment where the manifest has no ingress",
    text: environment("hosts: [a.example.com]"),
    findings: ["no-such-ingress 6:5 environments.production.hosts"],
    says: ['The manifest has no ingress for "hosts". Add one, or remove hosts.'],
  },
  {
    what: "ingresses of another type, without missing what environments name",
    text: withLines(
      "ingresses: [shop]",
      "environments: {production: {hosts: [a.example.com], ingresses: {shop: {}}}}",
    ),
    findings: ["wrong-type 4:12 ingresses"],
  },
  {
    what: "short forms that could mean several containers or ingresses",
    text: withIngress(
      "scheme: http, container_port: 8080}, admin: {scheme: http, container_port: 8080",
      "environments:",
      "  production:",
      "    env: {A: x}",
      "    cpu: 1",
      "    memory: 1Gi",
      "    hosts: [a.example.com]",
    ).replace("web: {", "worker: {image: a, image_tag: b}, web: {"),
    findings: [
      "ambiguous-key 7:5 environments.production.env",
      "ambiguous-key 8:5 environments.production.cpu",
      "ambiguous-key 9:5 environments.production.memory",
      "ambiguous-key 10:5 environments.production.hosts",
    ],
    says: [
      '"env" could mean any of 2 containers. Say which: "containers": {"worker": {"env": ...}}.',
      '"cpu" could mean any of 2 containers. Say which: "containers": {"worker": {"cpu": ...}}.',
      '"memory" could mean any of 2 containers. Say which: "containers": {"worker": {"memory": ...}}.',
      '"hosts" could mean any of 2 ingresses. Say which: "ingresses": {"shop": {"hosts": ...}}.',
    ],
  },
  {
    what: "a range with one end that the rest does not give",
    text: environment("scale: {min: 2}"),
    findings: ["missing-key 6:5 environments.production.scale.max"],
    says: [
      '"max" is missing in environments.production.scale. The rest of the manifest gives no {min, max} to take it from.',
    ],
  },
  {
    what: "a range without its ends over a plain number",
    text: withLines("scale: 3", "environments: {production: {scale: {cpu: 50}}}"),
    findings: [
      "missing-key 5:29 environments.production.scale.max",
      "missing-key 5:29 environments.production.scale.min",
    ],
  },
  {
    what: "an end of a range that is missing in the rest, there alone",
    text: withLines("scale: {min: 5}", "environments: {production: {scale: {cpu: 50}}}"),
    findings: ["missing-key 4:1 scale.max"],
  },
  {
    what: "a range that an environment turns around, at its own end",
    text: withLines("scale: {min: 2, max: 5}", "environments: {production: {scale: {min: 6}}}"),
    findings: ["out-of-range 5:42 environments.production.scale.min"],
    says: ["A min of 6 is more than the max of 5. Swap them, or change one."],
  },
  {
    what: "a range whose ends are in the wrong order before an environment changes its target",
    text: withLines(
      "scale: {min: 5, max: 2}",
      "environments: {production: {scale: {cpu: 50}}, staging: {scale: {}}}",
    ),
    findings: ["out-of-range 4:14 scale.min"],
  },
  {
    what: "a scale of this environment over its cap, and not one of another",
    text: withLines("environments: {staging: {scale: 500}, production: {scale: 101}}"),
    findings: ["out-of-range 4:59 environments.production.scale"],
  },
  {
    what: "an end of a range over the cap that an environment takes from the rest",
    text: withLines("scale: {min: 2, max: 101}", "environments: {production: {scale: {min: 3}}}"),
    findings: ["out-of-range 4:22 scale.max"],
  },
  {
    what: "a host of this environment in nobody's domain, and not one of another",
    text: withIngress(
      "scheme: http, container_port: 8080, hosts: [old.example.net]",
      "environments:",
      "  staging: {hosts: [shop.example.net]}",
      "  production: {ingresses: {shop: {hosts: [new.example.net]}}}",
    ),
    platform: platforms.closed,
    findings: ["host-not-allowed 7:43 environments.production.ingresses.shop.hosts[0]"],
  },
  {
    what: "a host that an environment gives to two ingresses",
    text: withLines(
      "ingresses:",
      "  a: {scheme: http, container_port: 8080, hosts: [a.example.com]}",
      "  b: {scheme: http, container_port: 8080}",
      "environments: {production: {ingresses: {b: {hosts: [a.example.com]}}}}",
    ),
    findings: ["duplicate-host 7:53 environments.production.ingresses.b.hosts[0]"],
  },
  {
    what: "bad values of an environment, in both forms, without showing variables",
    text: withIngress(
      "scheme: http, container_port: 8080",
      "environments:",
      "  production:",
      "    env: {PIN: 4711, 1A: x, DB: {key: url}}",
      "    cpu: much",
      "    memory: 512m",
      "    hosts: [Shop.example.com]",
      "    containers: {web: {env: {PIN: 4711}, cpu: 0, memory: 1, ports: [80]}}",
      "    ingresses: {shop: {hosts: [], path: /}}",
    ),
    findings: [
      "wrong-type 7:16 environments.production.env.PIN",
      "bad-name 7:22 environments.production.env.1A",
      "missing-key 7:29 environments.production.env.DB",
      "bad-quantity 8:10 environments.production.cpu",
      "bad-quantity 9:13 environments.production.memory",
      "bad-host 10:13 environments.production.hosts[0]",
      "wrong-type 11:35 environments.production.containers.web.env.PIN",
      "bad-quantity 11:47 environments.production.containers.web.cpu",
      "wrong-type 11:58 environments.production.containers.web.memory",
      "unknown-key 11:61 environments.production.containers.web.ports",
      "empty-list 12:31 environments.production.ingresses.shop.hosts",
      "unknown-key 12:35 environments.production.ingresses.shop.path",
    ],
    hides: "4711",
  },
];
