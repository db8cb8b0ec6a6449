import { LogLevel, type Logger as BoltLogger } from "@slack/bolt";

/** What the edge needs of a logger; pino has this shape. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const secrets =
  /xox[a-z]?-[\w-]+|xapp-[\w-]+|(?<=Bearer )\S+|(?<=ticket=)[^&\s]+|https:\/\/hooks\.slack\.com\/\S+/g;
const longest = 500;

/** A line for the log without tokens and response URLs, on one line and capped. */
export function redact(text: string): string {
  return text.replace(secrets, "[redacted]").replace(/\s+/g, " ").slice(0, longest);
}

/** Name and message of anything thrown; bodies, headers and payloads stay out of the log. */
export function describeError(error: unknown): { readonly error: string; readonly stack?: string } {
  if (!(error instanceof Error)) return { error: redact(String(error)) };
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  return { error: redact(`${error.name}: ${error.message}`), stack: frames.slice(0, 8).join("\n") };
}

/**
 * Bolt's logger over ours. Socket Mode writes whole payloads at debug level, so that level is cut
 * off here and cannot be switched on (facts/slack.md section 3, "Logger").
 */
export function boltLogger(logger: Logger): BoltLogger {
  const line = (parts: readonly unknown[]): string =>
    redact(
      parts
        .map((part) => (part instanceof Error ? describeError(part).error : String(part)))
        .join(" "),
    );
  const fields = { component: "bolt" };
  return {
    debug: () => undefined,
    info: (...parts: unknown[]) => logger.info(fields, line(parts)),
    warn: (...parts: unknown[]) => logger.warn(fields, line(parts)),
    error: (...parts: unknown[]) => logger.error(fields, line(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
