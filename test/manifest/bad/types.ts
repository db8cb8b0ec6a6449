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

/** A field of the container `web` in line 7, of another type than it has. */
const ofContainer = (field: string, value: string): BadManifest => ({
  what: `${field}: ${value}`,
  text: withFields(`${field}: ${value}`),
  findings: [`wrong-type 7:${field.length + 7} containers.web.${field}`],
});

/** A field of the manifest in line 4. */
const ofManifest = (field: string, value: string): BadManifest => ({
  what: `${field}: ${value} in a manifest`,
  text: withLines(`${field}: ${value}`),
  findings: [`wrong-type 4:${field.length + 3} ${field}`],
});

/** A field of the environment `production` in line 6. */
const ofEnvironment = (field: string, value: string): BadManifest => ({
  what: `${field}: ${value} in an environment`,
  text: withLines("environments:", "  production:", `    ${field}: ${value}`),
  findings: [`wrong-type 6:${field.length + 7} environments.production.${field}`],
});

/** A field of the object in line 5. */
const inside = (object: string, field: string, value: string): BadManifest => ({
  what: `${object}.${field}: ${value}`,
  text: withLines(`${object}:`, `  ${field}: ${value}`),
  findings: [`wrong-type 5:${field.length + 5} ${object}.${field}`],
});

/** A field of the health check in line 9, besides a way to ask. */
const ofHealth = (field: string, value: string): BadManifest => ({
  what: `health.${field}: ${value}`,
  text: withFields(
    "ports: [80]",
    "health:",
    `  ${field}: ${value}`,
    ...(field === "path" ? [] : ["  path: /"]),
  ),
  findings: [`wrong-type 9:${field.length + 9} containers.web.health.${field}`],
});

/** Values of another type than the field has. */
export const badTypes: readonly BadManifest[] = [
  {
    what: "a number as a tag",
    text: withContainer(image, "image_tag: 2017"),
    findings: ["wrong-type 6:16 containers.web.image_tag"],
    says: ['"image_tag" must be text, but is the number 2017. Put it in quotes: "2017".'],
  },
  {
    what: "1.10 as a tag, as it was written",
    text: withContainer(image, "image_tag: 1.10"),
    findings: ["wrong-type 6:16 containers.web.image_tag"],
    says: ['"image_tag" must be text, but is the number 1.10. Put it in quotes: "1.10".'],
  },
  {
    what: "a number as a digest",
    text: withContainer(image, "image_digest: 5"),
    findings: ["wrong-type 6:19 containers.web.image_digest"],
  },
  {
    what: "an empty value",
    text: withContainer(image, "image_tag:"),
    findings: ["wrong-type 6:15 containers.web.image_tag"],
  },
  {
    what: "null in JSON",
    text: json({ image_tag: null }),
    findings: ["wrong-type 7:20 containers.web.image_tag"],
  },
  {
    what: "a number as an application, which quotes alone do not mend",
    text: yaml("application: 2017", maintainer, `containers: {web: {${image}, ${tag}}}`),
    findings: ["wrong-type 1:14 application"],
    says: [
      '"application" must be text, but is the number 2017. Use lower-case letters, digits and hyphens, at most 50, with a letter first and no hyphen last.',
    ],
  },
  {
    what: "text as scale",
    text: withLines('scale: "3"'),
    findings: ["wrong-type 4:8 scale"],
    says: [
      '"scale" must be a whole number or an object, but is the text "3". Remove the quotes: 3.',
    ],
  },
  ofManifest("scale", "1.5"),
  ofManifest("scale", ".inf"),
  ofManifest("scale", "[1]"),
  ofManifest("auto_tls", "yes"),
  ofManifest("auto_tls", "1"),
  ofManifest("$schema", "1"),
  ofManifest("team", "[payments]"),
  ofManifest("team", "{name: payments}"),
  ofManifest("ingresses", "[]"),
  ofManifest("environments", "[staging]"),
  ofManifest("links", "https://example.com"),
  ofManifest("channel", "[C0123456789]"),
  ofManifest("deploy", "10m"),
  ofManifest("scale", "x"),
  inside("ingresses", "shop", "http"),
  inside("environments", "production", "3"),
  inside("environments", "production", ""),
  inside("links", "dashboard", "[https://example.com]"),
  inside("deploy", "timeout", "[10m]"),
  inside("deploy", "stable", "true"),
  inside("deploy", "auto_rollback", '"true"'),
  {
    what: "a number of seconds as a duration, which quotes alone do not mend",
    text: withLines("deploy:", "  timeout: 600"),
    findings: ["wrong-type 5:12 deploy.timeout"],
    says: [
      '"timeout" must be text, but is the number 600. Give one like "90s", "10m" or "1h30m", from 10s to 2h.',
    ],
  },
  {
    what: "text as an end of a range",
    text: withLines('scale: {min: "2", max: 5, cpu: 0.7}'),
    findings: ["wrong-type 4:14 scale.min", "wrong-type 4:32 scale.cpu"],
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
  ofContainer("ports", "8080"),
  ofContainer("ports", "{http: 80, admin: 80}"),
  ofContainer("command", "/app/server --verbose"),
  ofContainer("args", "--verbose"),
  ofContainer("env", "[A=x]"),
  ofContainer("cpu", "true"),
  ofContainer("cpu", "[1]"),
  ofContainer("memory", "[512Mi]"),
  ofContainer("health", "/healthz"),
  ofContainer("writable", "/tmp"),
  ofContainer("writable", "{a: /tmp, b: /tmp}"),
  ofContainer("read_only", "1"),
  ofContainer("run_as_user", '"1000"'),
  ofContainer("run_as_user", "1000.5"),
  ofContainer("run_as_user", "postgres"),
  ofContainer("run_as_root", "root"),
  {
    what: "memory as a number, and says its likely unit",
    text: withFields("memory: 512"),
    findings: ["wrong-type 7:13 containers.web.memory"],
    says: ['"memory" must be text, but is the number 512. Did you mean "512Mi"?'],
  },
  {
    what: "a number among words of a command",
    text: withFields("command: [sleep, 5]", "args: [true]"),
    findings: [
      "wrong-type 7:22 containers.web.command[1]",
      "wrong-type 8:12 containers.web.args[0]",
    ],
  },
  {
    what: "text among ports",
    text: withFields('ports: [80, "81"]'),
    findings: ["wrong-type 7:17 containers.web.ports[1]"],
  },
  {
    what: "text as the number of a described port",
    text: withFields('ports: [{port: "81", name: 7, protocol: 1}]'),
    findings: [
      "wrong-type 7:20 containers.web.ports[0].port",
      "wrong-type 7:32 containers.web.ports[0].name",
      "wrong-type 7:45 containers.web.ports[0].protocol",
    ],
  },
  {
    what: "a refused port, without missing one that health is asked on",
    text: withFields('ports: ["80"]', "health: {path: /}"),
    findings: ["wrong-type 7:13 containers.web.ports[0]"],
  },
  ofHealth("path", "[/healthz]"),
  ofHealth("port", '"80"'),
  ofHealth("tls", "yes"),
  ofHealth("start_seconds", "1m"),
  ofHealth("restart_when_unhealthy", "1"),
  {
    what: "text where tcp takes a port, and a command as text",
    text: yaml(
      application,
      maintainer,
      "containers:",
      `  a: {${image}, ${tag}, health: {tcp: http}}`,
      `  b: {${image}, ${tag}, health: {command: /bin/check}}`,
    ),
    findings: [
      "wrong-type 4:63 containers.a.health.tcp",
      "wrong-type 5:67 containers.b.health.command",
    ],
  },
  {
    what: "a number as scheme",
    text: withIngress("scheme: 1, container_port: 8080"),
    findings: ["wrong-type 4:28 ingresses.shop.scheme"],
  },
  {
    what: "text as a port of an ingress, and numbers elsewhere in it",
    text: withIngress('scheme: http, container_port: "8080", path: 1, tls_secret: true'),
    findings: [
      "wrong-type 4:50 ingresses.shop.container_port",
      "wrong-type 4:64 ingresses.shop.path",
      "wrong-type 4:79 ingresses.shop.tls_secret",
    ],
  },
  {
    what: "one host outside a list",
    text: withIngress("scheme: http, container_port: 8080, hosts: shop.example.com"),
    findings: ["wrong-type 4:63 ingresses.shop.hosts"],
  },
  {
    what: "hosts as an object, without judging what is in it",
    text: withIngress("scheme: http, container_port: 8080, hosts: {a: shop.example.net}"),
    findings: ["wrong-type 4:63 ingresses.shop.hosts"],
  },
  {
    what: "a number among hosts",
    text: withIngress("scheme: http, container_port: 8080, hosts: [1]"),
    findings: ["wrong-type 4:64 ingresses.shop.hosts[0]"],
  },
  {
    what: "a number as maintainer",
    text: yaml(application, "maintainer: 7", `containers: {web: {${image}, ${tag}}}`),
    findings: ["wrong-type 2:13 maintainer"],
  },
  {
    what: "a number among maintainers",
    text: yaml(
      application,
      "maintainer: [a@b.example, 7]",
      `containers: {web: {${image}, ${tag}}}`,
    ),
    findings: ["wrong-type 2:27 maintainer[1]"],
  },
  ofEnvironment("scale", "many"),
  ofEnvironment("env", "A=x"),
  ofEnvironment("cpu", "[1]"),
  ofEnvironment("memory", "{}"),
  ofEnvironment("containers", "[web]"),
  ofEnvironment("ingresses", "[shop]"),
];
