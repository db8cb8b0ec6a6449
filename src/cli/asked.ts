import type { Command } from "../commands/define.ts";
import type { Ports } from "../commands/ports.ts";
import { canonicalJson } from "../manifest/canonical.ts";
import { releaseName } from "../release/names.ts";
import type { ReleaseSpec } from "../release/release.ts";
import { type Asker, deployRequest, restartRequest } from "../release/request.ts";
import { declaredRequest, type Refused } from "./declared.ts";
import { isRepeat } from "./repeat.ts";
import { type AskedWords, textOf } from "./request-words.ts";

/** A request before it is known who asks. */
export interface Request {
  /** One release is made of each. */
  readonly apps: readonly string[];
  /** Whether {@link Request.specs} looks at what is there. */
  readonly needsRecords: boolean;
  /**
   * The specs of the releases, one for each app, or why there is none.
   * @param apps those that are not stored yet under the same key
   * @param ports of the records as they are; of none where they are not needed
   */
  specs(
    apps: readonly string[],
    asker: Asker,
    ports: Ports,
  ): Promise<readonly ReleaseSpec[] | Refused>;
  /** Whether the one stored under the same key asked for this, where the records decide what the words mean. */
  isRepeat?(stored: ReleaseSpec, asker: Asker): boolean;
}

/** @param manifest the text that came along; without it docc takes the stored one */
export function deploying(app: string, asked: AskedWords, manifest: string | undefined): Request {
  const source =
    manifest === undefined
      ? ({ type: "stored" } as const)
      : ({ type: "inline", manifest } as const);
  const { words } = asked;
  const specs: Request["specs"] = (_apps, asker) =>
    Promise.resolve([deployRequest(app, wishOf(asked), { source, words }, asker)]);
  return { apps: [app], needsRecords: false, specs };
}

export function restarting(asked: AskedWords): Request {
  const app = textOf(asked, "app") ?? "";
  const specs: Request["specs"] = (_apps, asker) =>
    Promise.resolve([restartRequest(app, wishOf(asked), asker)]);
  return { apps: [app], needsRecords: false, specs };
}

/** What the declaration of the Slack command makes of the records: a rollback, an update, a promotion. */
export function declared(command: Command, asked: AskedWords): Request {
  const app = textOf(asked, "app") ?? "";
  return {
    apps: [app],
    needsRecords: true,
    specs: (_apps, asker, ports) => declaredRequest(command, asked, asker, ports),
    isRepeat: (stored, asker) => isRepeat(stored, command.name, asked, asker),
  };
}

function wishOf(asked: AskedWords) {
  const { environment } = asked;
  return { environment, reason: textOf(asked, "reason"), emergency: textOf(asked, "emergency") };
}

/** What a key says once: another app or environment makes another request of it. */
export function keyText(app: string, environment: string, key: string): string {
  return canonicalJson(["terminal", app, environment, key]);
}

/** @param hash of {@link keyText}, or of anything that comes once */
export function nameFor(app: string, hash: string): string {
  return releaseName(app, hash);
}

/** Whether a stored request is the very same as the one that is asked. */
export function isSame(stored: ReleaseSpec, asked: ReleaseSpec): boolean {
  return canonicalJson(stored) === canonicalJson(asked);
}
