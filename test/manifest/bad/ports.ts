import { application, type BadManifest, json, maintainer, withFields, yaml } from "./fixture.ts";

/** Ports of containers, and how they are asked for their health. */
export const badPorts: readonly BadManifest[] = [
  // Ports.
  ...["0", "-1", "65536", "1e300"].map((port) => ({
    what: `port ${port}`,
    text: withFields(`ports: [${port}]`),
    findings: ["out-of-range 7:13 containers.web.ports[0]"],
  })),
  {
    what: "a described port that is none",
    text: withFields("ports: [{port: 70000}]"),
    findings: ["out-of-range 7:20 containers.web.ports[0].port"],
  },
  {
    what: "unknown protocols",
    text: withFields("ports:", "  - {port: 80, protocol: tcp}", "  - {port: 81, protocol: SCTP}"),
    findings: [
      "bad-value 8:30 containers.web.ports[0].protocol",
      "bad-value 9:30 containers.web.ports[1].protocol",
    ],
    says: [
      '"tcp" is not a protocol. Did you mean "TCP"?',
      '"SCTP" is not a protocol. The protocols are TCP and UDP.',
    ],
  },
  {
    what: "an unknown key of a port",
    text: withFields("ports: [{port: 80, host_port: 80}]"),
    findings: ["unknown-key 7:24 containers.web.ports[0].host_port"],
  },
  {
    what: "51 ports",
    text: withFields(`ports: [${Array.from({ length: 51 }, (_, index) => index + 1).join(", ")}]`),
    findings: ["too-many 7:12 containers.web.ports"],
  },
  {
    what: "a port listed twice in one container",
    text: withFields("ports: [80, 80]"),
    findings: ["duplicate-port 7:17 containers.web.ports[1]"],
  },
  {
    what: "a port listed as a number and as an object, at the second number",
    text: withFields("ports:", "  - 80", "  - name: http", "    port: 80"),
    findings: ["duplicate-port 10:15 containers.web.ports[1].port"],
    says: [
      "Port 80 is listed already, as containers.web.ports[0]. The containers of a pod share one network: each needs ports of its own.",
    ],
  },
  {
    what: "a port listed for TCP and UDP",
    text: withFields("ports: [53, {port: 53, protocol: UDP}]"),
    findings: ["duplicate-port 7:24 containers.web.ports[1].port"],
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
    what: "a name of two ports in JSON, at the second name",
    text: json({
      ports: [
        { port: 80, name: "web" },
        { name: "web", port: 81 },
      ],
    }),
    findings: ["duplicate-name 14:19 containers.web.ports[1].name"],
  },
  {
    what: "a name of two ports in two containers",
    text: yaml(
      application,
      maintainer,
      "containers:",
      "  a: {image: a, image_tag: b, ports: [{port: 80, name: http}]}",
      "  b: {image: a, image_tag: b, ports: [{port: 81, name: http}]}",
    ),
    findings: ["duplicate-name 5:56 containers.b.ports[0].name"],
    says: [
      '"http" names a port already, containers.a.ports[0].name. Give each port of the pod a name of its own.',
    ],
  },
  {
    what: "a name that another port gets by its number",
    text: withFields("ports: [{port: 81, name: port-80}, 80]"),
    findings: ["duplicate-name 7:40 containers.web.ports[1]"],
  },
  {
    what: "a port twice under one name, once",
    text: withFields("ports: [{port: 80, name: http}, {port: 80, name: http}]"),
    findings: ["duplicate-port 7:44 containers.web.ports[1].port"],
  },

  // Health.
  {
    what: "a health check that asks in no way",
    text: withFields("ports: [80]", "health: {start_seconds: 5}"),
    findings: ["missing-key 8:5 containers.web.health"],
    says: [
      'containers.web.health does not say how to ask. Give it a path, like "/healthz", or tcp with a port, or a command.',
    ],
  },
  {
    what: "an empty health check in JSON",
    text: json({ health: {} }),
    findings: ["missing-key 8:7 containers.web.health"],
  },
  {
    what: "a health check that asks in all ways",
    text: withFields("ports: [80]", "health:", "  command: [/bin/check]", "  path: /", "  tcp: 80"),
    findings: [
      "exclusive-keys 10:7 containers.web.health.path",
      "exclusive-keys 11:7 containers.web.health.tcp",
    ],
  },
  {
    what: "a port and tls without a path",
    text: withFields("health: {tcp: 5432, port: 80, tls: true}"),
    findings: [
      "exclusive-keys 7:25 containers.web.health.port",
      "exclusive-keys 7:35 containers.web.health.tls",
    ],
    says: [
      '"port" belongs to "path", and there is none. Add a path, or remove port.',
      '"tls" belongs to "path", and there is none. Add a path, or remove tls.',
    ],
  },
  {
    what: "a path with no port to ask it on",
    text: withFields("health: {path: /healthz}"),
    findings: ["missing-key 7:5 containers.web.health.port"],
  },
  {
    what: "a path where all ports speak UDP",
    text: withFields("ports: [{port: 53, protocol: UDP}]", "health: {path: /healthz}"),
    findings: ["missing-key 8:5 containers.web.health.port"],
  },
  ...[
    ["healthz", 'Start it with a slash: "/healthz".'],
    [
      "/a?b=c",
      "Write it like /healthz: letters, digits, . _ ~ - and single slashes, without a query.",
    ],
    [
      "//evil.example.com",
      "Write it like /healthz: letters, digits, . _ ~ - and single slashes, without a query.",
    ],
    [
      "/../etc",
      "Write it like /healthz: letters, digits, . _ ~ - and single slashes, without a query.",
    ],
    ["", "Write it like /healthz: letters, digits, . _ ~ - and single slashes, without a query."],
  ].map(([path = "", hint = ""]) => ({
    what: `${JSON.stringify(path)} as a path to ask`,
    text: withFields("ports: [80]", `health: {path: "${path}"}`),
    findings: ["bad-path 8:20 containers.web.health.path"],
    says: [`"${path}" is no path of a URL. ${hint}`],
  })),
  {
    what: "numbers of a health check that are too small or too large",
    text: withFields("health:", "  tcp: 0", "  start_seconds: 3601"),
    findings: [
      "out-of-range 8:12 containers.web.health.tcp",
      "out-of-range 9:22 containers.web.health.start_seconds",
    ],
  },
  {
    what: "no seconds for a start, and half of them",
    text: yaml(
      application,
      maintainer,
      "containers:",
      "  a: {image: a, image_tag: b, health: {tcp: 80, start_seconds: 0}}",
      "  b: {image: a, image_tag: b, health: {tcp: 81, start_seconds: 0.5}}",
    ),
    findings: [
      "out-of-range 4:64 containers.a.health.start_seconds",
      "wrong-type 5:64 containers.b.health.start_seconds",
    ],
  },
  {
    what: "an empty command to ask, and a word of it with NUL",
    text: yaml(
      application,
      maintainer,
      "containers:",
      "  a: {image: a, image_tag: b, health: {command: []}}",
      '  b: {image: a, image_tag: b, health: {command: ["a\\0b"]}}',
    ),
    findings: [
      "empty-list 4:49 containers.a.health.command",
      "bad-value 5:50 containers.b.health.command[0]",
    ],
  },
];
