import {
  type BadManifest,
  image,
  json,
  platforms,
  tag,
  withContainer,
  withFields,
  withLines,
} from "./fixture.ts";

/** Commands, variables, amounts, users and directories of containers. */
export const badContainers: readonly BadManifest[] = [
  // Commands and variables.
  {
    what: "a command without words",
    text: withFields("command: []"),
    findings: ["empty-list 7:14 containers.web.command"],
  },
  {
    what: "a word that is too long, and one with NUL",
    text: withFields(`command: [${"a".repeat(8_193)}]`, 'args: ["-v", "\\0"]'),
    findings: ["bad-value 7:15 containers.web.command[0]", "bad-value 8:18 containers.web.args[1]"],
  },
  {
    what: "101 words",
    text: withFields(`args: [${"a, ".repeat(101)}]`),
    findings: ["too-many 7:11 containers.web.args"],
  },
  ...["8080", "3.14", "true", "[s3cr3t-token]"].map((value) => ({
    what: `${value} as a variable, without showing it`,
    text: withFields("env:", `  TOKEN: ${value}`),
    findings: ["wrong-type 8:14 containers.web.env.TOKEN"],
    hides: value.replaceAll(/[[\]]/gu, ""),
  })),
  {
    what: "a number as a variable, in words that do not show it",
    text: withFields("env: {PIN: 4711}"),
    findings: ["wrong-type 7:16 containers.web.env.PIN"],
    says: ['"PIN" must be text or an object, but is a number. Put it in quotes.'],
    hides: "4711",
  },
  {
    what: "an empty variable",
    text: withFields("env:", "  TOKEN:"),
    findings: ["wrong-type 8:13 containers.web.env.TOKEN"],
  },
  {
    what: "a variable with NUL, without showing it",
    text: withFields('env: {TOKEN: "s3cr3t\\0"}'),
    findings: ["bad-value 7:18 containers.web.env.TOKEN"],
    says: [
      '"TOKEN" cannot be the value of a variable. Give text without NUL, at most 32768 characters.',
    ],
    hides: "s3cr3t",
  },
  {
    what: "a variable that is too long, in JSON, without showing it",
    text: json({ env: { TOKEN: `s3cr3t${"x".repeat(32_768)}` } }),
    findings: ["bad-value 9:18 containers.web.env.TOKEN"],
    hides: "s3cr3t",
  },
  {
    what: "a variable from two sources",
    text: withFields("env: {DB: {config: a, key: url, secret: b}}"),
    findings: ["exclusive-keys 7:37 containers.web.env.DB.secret"],
    says: [
      '"secret" stands beside "config", and only one of them can be. A variable has one source.',
    ],
  },
  {
    what: "a variable from no source",
    text: withFields("env: {DB: {key: url}}"),
    findings: ["missing-key 7:11 containers.web.env.DB"],
    says: [
      '"DB" names neither a secret nor a config. Write {secret, key} or {config, key}, or the text itself.',
    ],
  },
  {
    what: "a variable whose object says nothing",
    text: withFields("env: {DB: {}}"),
    findings: [
      "missing-key 7:11 containers.web.env.DB",
      "missing-key 7:11 containers.web.env.DB.key",
    ],
  },
  {
    what: "an unknown key of a source, without showing its value",
    text: withFields("env: {DB: {secret: a, key: b, value: hunter2}}"),
    findings: ["unknown-key 7:35 containers.web.env.DB.value"],
    hides: "hunter2",
  },

  // Amounts.
  ...[
    ["0", 'Give cores, like "500m" for half a core or "2", at most 512.'],
    ["-1", 'Give cores, like "500m" for half a core or "2", at most 512.'],
    ["600", 'Give cores, like "500m" for half a core or "2", at most 512.'],
    ['"0.0001"', 'Give cores, like "500m" for half a core or "2", at most 512.'],
    ["half", 'Give cores, like "500m" for half a core or "2", at most 512.'],
    ["500M", 'Give cores, like "500m" for half a core or "2", at most 512.'],
    ["1 core", 'Give cores, like "500m" for half a core or "2", at most 512.'],
  ].map(([cpu = "", hint = ""]) => ({
    what: `${cpu} of cpu`,
    text: withFields(`cpu: ${cpu}`),
    findings: ["bad-quantity 7:10 containers.web.cpu"],
    says: [expectedOf(cpu, "is no amount of cpu", hint)],
  })),
  ...[
    ["512m", 'Did you mean "512Mi"?'],
    ["512MB", 'Did you mean "512Mi"?'],
    ["512 Mib", 'Did you mean "512Mi"?'],
    ["2g", 'Did you mean "2Gi"?'],
    ["1.5gb", 'Did you mean "1.5Gi"?'],
    ['"512"', 'Did you mean "512Mi"?'],
    ["1Mi", 'Give an amount with its unit, from "4Mi" to "64Ti".'],
    ["100Ti", 'Give an amount with its unit, from "4Mi" to "64Ti".'],
    ["-512Mi", 'Give an amount with its unit, from "4Mi" to "64Ti".'],
    ["much", 'Give an amount with its unit, from "4Mi" to "64Ti".'],
    ['""', 'Give an amount with its unit, from "4Mi" to "64Ti".'],
  ].map(([memory = "", hint = ""]) => ({
    what: `${memory} of memory`,
    text: withFields(`memory: ${memory}`),
    findings: ["bad-quantity 7:13 containers.web.memory"],
    says: [`"${memory.replaceAll('"', "")}" is no amount of memory. ${hint}`],
  })),

  // Users and directories.
  {
    what: "root where the operator does not allow it",
    text: withFields("run_as_root: true"),
    findings: ["root-not-allowed 7:18 containers.web.run_as_root"],
  },
  {
    what: "root beside another user where root is not allowed, once",
    text: withFields("run_as_root: true", "run_as_user: 1000"),
    findings: ["root-not-allowed 7:18 containers.web.run_as_root"],
  },
  {
    what: "root beside another user",
    text: withFields("run_as_root: true", "run_as_user: 1000"),
    platform: platforms.rootAllowed,
    findings: ["exclusive-keys 8:5 containers.web.run_as_user"],
  },
  ...["0", "-1", "2147483648", "1e300"].map((user) => ({
    what: `user ${user}`,
    text: withFields(`run_as_user: ${user}`),
    findings: ["out-of-range 7:18 containers.web.run_as_user"],
  })),
  ...["tmp", "/", "/tmp/", "/a//b", "/a/../b", "/.", "/a:b", "/a b", "", `/${"a".repeat(255)}`].map(
    (directory) => ({
      what: `${JSON.stringify(directory)} as a directory`,
      text: withFields(`writable: ["${directory}"]`),
      findings: ["bad-path 7:16 containers.web.writable[0]"],
    }),
  ),
  {
    what: "a directory that is listed twice",
    text: withFields("writable:", "  - /tmp", "  - /var/cache", "  - /tmp"),
    findings: ["duplicate-path 10:9 containers.web.writable[2]"],
  },
  {
    what: "directories where docc mounts certificates",
    text: withFields("writable: [/etc/docc/tls, /etc/docc/tls/shop, /etc/docc/tlsx]"),
    findings: [
      "duplicate-path 7:16 containers.web.writable[0]",
      "duplicate-path 7:31 containers.web.writable[1]",
    ],
  },
  {
    what: "21 directories",
    text: withFields(
      `writable: [${Array.from({ length: 21 }, (_, index) => `/d${index}`).join(", ")}]`,
    ),
    findings: ["too-many 7:15 containers.web.writable"],
  },
  {
    what: "everything that is wrong with two containers",
    text: withLines("scale: -1").replace(
      /containers:.*\n/u,
      `containers:\n  a: {${image}}\n  b: {${tag}, cpu: x}\n`,
    ),
    findings: [
      "missing-key 4:3 containers.a.image_tag",
      "missing-key 5:3 containers.b.image",
      "bad-quantity 5:27 containers.b.cpu",
      "out-of-range 6:8 scale",
    ],
  },
  {
    what: "a container without anything",
    text: withContainer().replace("  web:", "  web: {}"),
    findings: ["missing-key 4:3 containers.web.image", "missing-key 4:3 containers.web.image_tag"],
  },
];

function expectedOf(written: string, says: string, hint: string): string {
  const shown = /^-?\d+$/u.test(written) ? written : `"${written.replaceAll('"', "")}"`;
  return `${shown} ${says}. ${hint}`;
}
