import fc from "fast-check";

/** The small things that manifests are made of, each over its whole grammar. */

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

/** A DNS label, with names that YAML takes for something else among them. */
export function label(most: number, start = letters + digits): fc.Arbitrary<string> {
  const end = fc.constantFrom(...(letters + digits).split(""));
  const middle = fc.string({
    unit: fc.constantFrom(...`${letters}${digits}-`.split("")),
    maxLength: most - 2,
  });
  const grown = fc
    .tuple(
      fc.constantFrom(...start.split("")),
      fc.option(fc.tuple(middle, end), { nil: undefined }),
    )
    .map(([first, rest]) => first + (rest?.join("") ?? ""));
  const words = ["on", "null", "true", "y", "1e3", "0x1f", "2017"].filter(
    (word) => word.length <= most && start.includes(word.charAt(0)),
  );
  const named = words.length === 0 ? grown : fc.constantFrom(...words);
  return fc
    .oneof({ arbitrary: grown, weight: 9 }, { arbitrary: named, weight: 1 })
    .filter((name) => name !== "constructor" && name !== "prototype");
}

export const applicationName = label(50, letters);

export const image = fc.constantFrom(
  "nginx",
  "team/app",
  "registry.corp.example.com/demo/kubecon",
  "localhost:5000/a",
  "r.example.com:443/a__b/c-d.e",
);
export const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/u);
export const digest = fc.stringMatching(/^[a-f0-9]{64}$/u).map((hex) => `sha256:${hex}`);

export const maintainer = fc.constantFrom(
  "team@corp.example.com",
  "o'neil+shop@b.example",
  "U0123456789",
  "S0123456789",
  "C0123456789",
);
export const team = fc.constantFrom("payments", "2017", "Shop_and.more-1", "on");
export const channel = fc.constantFrom("C0123456789", "G01ABCDEF");

/**
 * Text to the letter, as commands and variables have it: what Kubernetes would expand, what YAML would
 * take for something else, and every character but NUL.
 */
export const anyText = fc.oneof(
  fc.constantFrom(
    "",
    "$(HOME)",
    "$$(HOME)",
    "$",
    "on",
    "1.10",
    "null",
    "- a",
    "#",
    " a ",
    "a\nb\n",
  ),
  fc.string({ unit: fc.constantFrom("$", "(", ")", "$(", "$$", "A", "\n", " ") }),
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
);

export const variableName = fc.oneof(
  fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/u),
  fc.constantFrom("tag", "cpu", "PATH", "DB_PASSWORD", "on", "toString", "_"),
);
export const objectName = fc.oneof(
  label(63),
  fc.tuple(label(20), label(20)).map((each) => each.join(".")),
);
export const dataKey = fc.constantFrom("url", "tls.crt", ".env", "A_b-c.d", "-");

/** The name of a port, none that a port gets by its number. */
export const portName = fc
  .stringMatching(/^[a-z](?:-?[a-z0-9]){0,7}$/u)
  .filter((name) => !/^port-\d+$/u.test(name));

export const directory = fc.oneof(
  fc.constantFrom("/tmp", "/var/cache", "/var/cache/nginx", "/etc/docc", "/a@b+c_d.e"),
  fc.stringMatching(/^(?:\/[a-z0-9_-]{1,8}){1,3}$/u),
);
export const urlPath = fc.oneof(
  fc.constantFrom("/", "/healthz", "/api/", "/~a/b.c_d-e/.well-known"),
  fc.stringMatching(/^(?:\/[A-Za-z0-9_~-]{1,6}){1,3}$/u),
);

export const cpu = fc.oneof(
  fc.constantFrom<string | number>("500m", "1m", "2", "0.25", "512", 0.5, 2, 0.001),
  fc.integer({ min: 1, max: 9_999 }).map((count) => `${count}m`),
);
export const memory = fc.oneof(
  fc.constantFrom("512Mi", "4Mi", "1.5Gi", "64Ti", "128M", "5000k", "2G", "10240Ki", "1T"),
  fc.integer({ min: 4, max: 4_096 }).map((count) => `${count}Mi`),
);
export const timeout = fc.constantFrom("10s", "90s", "10m", "1h30m", "2h", "10000ms");
export const stable = fc.constantFrom("0s", "60s", "5m", "1h");

export const linkName = fc.oneof(
  fc.constantFrom("dashboard", "logs", "repo", "runbook", "compare"),
  fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/u),
);
export const link = fc.constantFrom(
  "https://grafana.example.com/d/{app}?from={from}&to={to}",
  "https://git.example.com:8443/shop/compare/{from}...{to}",
  "https://example.com",
);
