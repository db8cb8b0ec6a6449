import {
  type BadManifest,
  json,
  platforms,
  withFields,
  withIngress,
  withLines,
} from "./fixture.ts";

/** Ingresses, their certificates, their paths and hosts. */
export const badIngresses: readonly BadManifest[] = [
  // Ingresses.
  {
    what: "an unknown scheme",
    text: withIngress("scheme: htttp, container_port: 8080"),
    findings: ["bad-value 4:28 ingresses.shop.scheme"],
  },
  {
    what: "a scheme that is nothing like one",
    text: withIngress("scheme: grpc, container_port: 8080"),
    findings: ["bad-value 4:28 ingresses.shop.scheme"],
    says: ['"grpc" is not a scheme. The schemes are http, https, tls.'],
  },
  {
    what: "a port of an ingress that is none",
    text: withIngress("scheme: http, container_port: 0"),
    findings: ["out-of-range 4:50 ingresses.shop.container_port"],
  },
  {
    what: "an ingress to a port nobody lists",
    text: withIngress("scheme: http, container_port: 808"),
    findings: ["no-such-port 4:50 ingresses.shop.container_port"],
    says: ["No container lists port 808. Did you mean 8080?"],
  },
  {
    what: "an ingress where nobody lists any port",
    text: withFields().concat("ingresses: {shop: {scheme: http, container_port: 80}}\n"),
    findings: ["no-such-port 7:50 ingresses.shop.container_port"],
    says: ['No container lists port 80. Add "ports": [80] to the container that listens on it.'],
  },
  {
    what: "an ingress to a UDP port",
    text: withFields("ports: [{port: 53, protocol: UDP}, 8080]").concat(
      "ingresses: {shop: {scheme: http, container_port: 53}}\n",
    ),
    findings: ["no-such-port 8:50 ingresses.shop.container_port"],
    says: [
      "Port 53 speaks UDP, and an ingress leads to TCP only. Lead it to a TCP port, or change containers.web.ports[0].",
    ],
  },
  {
    what: "a refused port, without blaming the ingress that wants it",
    text: withFields('ports: ["80"]').concat(
      "ingresses: {shop: {scheme: http, container_port: 80}}\n",
    ),
    findings: ["wrong-type 7:13 containers.web.ports[0]"],
  },
  {
    what: "a refused protocol, without blaming the ingress that wants the port",
    text: withFields("ports: [{port: 80, protocol: udp}]").concat(
      "ingresses: {shop: {scheme: http, container_port: 80}}\n",
    ),
    findings: ["bad-value 7:34 containers.web.ports[0].protocol"],
  },
  {
    what: "https without auto_tls",
    text: withIngress("scheme: https, container_port: 8080"),
    findings: ["tls-needs-auto_tls 4:28 ingresses.shop.scheme"],
  },
  {
    what: "tls without auto_tls",
    text: withIngress("scheme: tls, container_port: 8080", "auto_tls: false"),
    findings: ["tls-needs-auto_tls 4:28 ingresses.shop.scheme"],
  },
  {
    what: "auto_tls of another type, without missing it",
    text: withIngress("scheme: https, container_port: 8080", 'auto_tls: "true"'),
    findings: ["wrong-type 5:11 auto_tls"],
  },
  {
    what: "tls where the controller cannot pass it through",
    text: withIngress("scheme: tls, container_port: 8080", "auto_tls: true"),
    platform: platforms.plain,
    findings: ["tls-not-supported 4:28 ingresses.shop.scheme"],
  },
  {
    what: "a path where TLS goes through",
    text: withIngress("scheme: tls, container_port: 8080, path: /", "auto_tls: true"),
    findings: ["tls-has-no-path 4:55 ingresses.shop.path"],
  },
  {
    what: "a path of an ingress that is none",
    text: withIngress("scheme: http, container_port: 8080, path: api/"),
    findings: ["bad-path 4:62 ingresses.shop.path"],
    says: ['"api/" is no path of a URL. Start it with a slash: "/api/".'],
  },

  // Hosts.
  ...[
    ["https://shop.example.com", "Leave out the scheme: shop.example.com."],
    ["shop.example.com/api", "Leave out the path; an ingress has its own."],
    ["shop.example.com:8080", "Leave out the port."],
    ["*.example.com", "Wildcards are not for applications; list the hosts."],
    ["Shop.example.com", "Host names are lower case here."],
    ["shop_1.example.com", "Write it like shop.example.com."],
    ["shop..example.com", "Write it like shop.example.com."],
    ["shop.example.com.", "Write it like shop.example.com."],
    ["shop", "Write it like shop.example.com."],
    ["10.0.0.1", "Write it like shop.example.com."],
    ["", "Write it like shop.example.com."],
  ].map(([host = "", hint = ""]) => ({
    what: `${JSON.stringify(host)} as a host`,
    text: withIngress(`scheme: http, container_port: 8080, hosts: ["${host}"]`),
    findings: ["bad-host 4:64 ingresses.shop.hosts[0]"],
    says: [`"${host}" is no host name. ${hint}`],
  })),
  {
    what: "hosts that are too long, in a label and as a whole",
    text: withIngress(
      `scheme: http, container_port: 8080, hosts: [${"a".repeat(64)}.example.com, ${"a.".repeat(125)}example.com]`,
    ),
    findings: ["bad-host 4:64 ingresses.shop.hosts[0]", "bad-host 4:142 ingresses.shop.hosts[1]"],
  },
  {
    what: "no hosts, where there could be none to mean the default",
    text: withIngress("scheme: http, container_port: 8080, hosts: []"),
    findings: ["empty-list 4:63 ingresses.shop.hosts"],
    says: ['"hosts" has no entry. Give at least one, or leave the key out.'],
  },
  {
    what: "21 hosts",
    text: withIngress(
      `scheme: http, container_port: 8080, hosts: [${Array.from({ length: 21 }, (_, index) => `h${index}.example.com`).join(", ")}]`,
    ),
    findings: ["too-many 4:63 ingresses.shop.hosts"],
  },
  {
    what: "a host in nobody's domain, and one that only ends like an allowed one",
    text: withIngress(
      "scheme: http, container_port: 8080, hosts: [shop.example.net, shopexample.com, shop.example.com]",
    ),
    platform: platforms.closed,
    findings: [
      "host-not-allowed 4:64 ingresses.shop.hosts[0]",
      "host-not-allowed 4:82 ingresses.shop.hosts[1]",
    ],
  },
  {
    what: "a host in another team's domain",
    text: withIngress(
      "scheme: http, container_port: 8080, hosts: [a.example.org, a.pay.example.net]",
      "team: shop",
    ),
    platform: platforms.domains,
    findings: ["host-not-allowed 4:79 ingresses.shop.hosts[1]"],
    says: [
      '"a.pay.example.net" is in no domain that this application may use here. Allowed are example.com, example.org and what is below; ask the operator for more.',
    ],
  },
  {
    what: "a host in a team's domain where no team is named",
    text: withIngress("scheme: http, container_port: 8080, hosts: [a.pay.example.net]"),
    platform: platforms.domains,
    findings: ["host-not-allowed 4:64 ingresses.shop.hosts[0]"],
  },
  {
    what: "a team that lacks quotes, without refusing hosts in its domain",
    text: withIngress(
      "scheme: http, container_port: 8080, hosts: [a.year.example.net]",
      "team: 2017",
    ),
    platform: platforms.domains,
    findings: ["wrong-type 5:7 team"],
    says: ['"team" must be text, but is the number 2017. Put it in quotes: "2017".'],
  },
  {
    what: "a host that one ingress lists twice",
    text: withIngress("scheme: http, container_port: 8080, hosts: [a.example.com, a.example.com]"),
    findings: ["duplicate-host 4:79 ingresses.shop.hosts[1]"],
  },
  {
    what: "a host and path of two ingresses, a slash at its end or not",
    text: withLines(
      "ingresses:",
      "  a: {scheme: http, container_port: 8080, path: /api, hosts: [a.example.com]}",
      "  b: {scheme: http, container_port: 8080, path: /api/, hosts: [a.example.com]}",
    ),
    findings: ["duplicate-host 6:64 ingresses.b.hosts[0]"],
    says: [
      '"a.example.com/api" is taken already, by ingresses.a.hosts[0]. Give one of them another host or path.',
    ],
  },
  {
    what: "a path below a host whose TLS goes through",
    text: withLines(
      "auto_tls: true",
      "ingresses:",
      "  a: {scheme: tls, container_port: 8080, hosts: [a.example.com]}",
      "  b: {scheme: https, container_port: 8080, path: /api, hosts: [a.example.com]}",
    ),
    findings: ["duplicate-host 7:64 ingresses.b.hosts[0]"],
  },
  {
    what: "a host that another ingress gets by default",
    text: withLines(
      "ingresses:",
      "  shop: {scheme: http, container_port: 8080}",
      "  b: {scheme: http, container_port: 8080, hosts: [shop.example.com]}",
    ),
    findings: ["duplicate-host 6:51 ingresses.b.hosts[0]"],
    says: [
      '"shop.example.com" is taken already, by ingresses.shop. Give one of them another host or path.',
    ],
  },
  {
    what: "a host by default that another ingress has taken before, in JSON",
    text: json(
      { ports: [8080] },
      {
        ingresses: {
          a: { scheme: "http", container_port: 8080, hosts: ["shop-b.example.com"] },
          b: { scheme: "http", container_port: 8080 },
        },
      },
    ),
    findings: ["duplicate-host 21:5 ingresses.b"],
  },
  {
    what: "an empty or unknown field of an ingress",
    text: withIngress("scheme: http, container_port: 8080, class: nginx"),
    findings: ["unknown-key 4:56 ingresses.shop.class"],
  },
];
