import type { FindingCode } from "../../../src/manifest/finding.ts";

/** What was changed, and where a rule about several fields may point instead. */
interface Elsewhere {
  readonly of: RegExp;
  readonly at: RegExp;
}

/** Patterns of paths: `*` is one step, `...` whatever is below, `|` stands between several. */
function paths(...patterns: readonly string[]): RegExp {
  const step = String.raw`(?:\.?[\w$-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])`;
  const sources = patterns.map((pattern) =>
    pattern
      .split("/")
      .map((part) => (part === "*" ? step : part === "..." ? `${step}*` : `\\.?${part}`))
      .join(""),
  );
  return new RegExp(`^(?:${sources.join("|")})$`, "u");
}

const hosts = paths(
  "ingresses/*",
  "ingresses/*/hosts/*",
  "environments/*/hosts/*",
  "environments/*/ingresses/*/hosts/*",
);

/** Rules across fields: which change they may tell of at its other end. */
export const elsewhere: Partial<Record<FindingCode, readonly Elsewhere[]>> = {
  "missing-key": [
    { of: paths("containers/*/ports/..."), at: paths("containers/*/health/port") },
    { of: paths("containers/*/image_digest"), at: paths("containers/*/image_tag") },
    { of: paths("scale/..."), at: paths("environments/*/scale/(?:min|max)") },
  ],
  "out-of-range": [
    { of: paths("scale/..."), at: paths("scale/min", "environments/*/scale/(?:min|max)") },
    { of: paths("environments/*/scale/..."), at: paths("environments/*/scale/(?:min|max)") },
  ],
  "exclusive-keys": [
    {
      of: paths("containers/*/health/*"),
      at: paths("containers/*/health/(?:path|tcp|command|port|tls)"),
    },
    {
      of: paths("containers/*/*"),
      at: paths("containers/*/(?:image_tag|image_digest|run_as_user|run_as_root)"),
    },
    { of: paths(".../env/*/*"), at: paths(".../env/*/(?:secret|config)") },
  ],
  "no-such-port": [
    { of: paths("containers/...", "ingresses/..."), at: paths("ingresses/*/container_port") },
  ],
  "duplicate-port": [
    { of: paths("containers/..."), at: paths("containers/*/ports/*", "containers/*/ports/*/port") },
  ],
  "duplicate-name": [
    {
      of: paths("containers/..."),
      at: paths("containers/*/ports/*", "containers/*/ports/*/(?:port|name)"),
    },
  ],
  "duplicate-path": [
    { of: paths("containers/*/writable/*"), at: paths("containers/*/writable/*") },
  ],
  "no-such-container": [{ of: paths("containers/..."), at: paths("environments/*/containers/*") }],
  "no-such-ingress": [
    { of: paths("ingresses/..."), at: paths("environments/*/ingresses/*", "environments/*/hosts") },
  ],
  "ambiguous-key": [
    { of: paths("containers/..."), at: paths("environments/*/(?:env|cpu|memory)") },
    { of: paths("ingresses/..."), at: paths("environments/*/hosts") },
  ],
  "tls-needs-auto_tls": [
    { of: paths("auto_tls", "ingresses/*/tls_secret"), at: paths("ingresses/*/scheme") },
  ],
  "tls-has-no-path": [{ of: paths("ingresses/*/scheme"), at: paths("ingresses/*/path") }],
  "duplicate-host": [{ of: paths("application", "ingresses/...", "environments/..."), at: hosts }],
  "host-not-allowed": [{ of: paths("team", "environments/..."), at: hosts }],
  // It is part of the name of every ingress.
  "bad-name": [{ of: paths("application"), at: paths("ingresses/*") }],
};
