import { pino, type Logger } from "pino";

export type { Logger };

/** Keys whose values never reach a log, at any of the first levels of an object. */
const secretKeys = ["token", "botToken", "appToken", "signingSecret", "authorization", "password"];

/** JSON lines on stdout, with what is secret by its name cut out. */
export function createLogger(level: string): Logger {
  const paths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: "[redacted]" },
    serializers: { err: sayError },
  });
}

/** Name, reason and stack of an error: never the fields in which libraries keep bodies and headers. */
function sayError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: "not an error" };
  const reason = "reason" in error && typeof error.reason === "string" ? error.reason : undefined;
  // A foreign error's message may quote a response; ours never does (src/errors.ts).
  const message = reason === undefined ? undefined : error.message;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const stack = frames.slice(0, 8).join("\n");
  return { name: error.name, code: codeOf(error), reason, message, stack, cause: causeOf(error) };
}

/** System errors carry a code such as ECONNREFUSED: harmless, and often all one needs. */
function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function causeOf({ cause }: Error): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  return [cause.name, codeOf(cause)].filter((part) => part !== undefined).join(" ");
}
