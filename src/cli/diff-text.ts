import { plannedBy } from "../commands/diff.ts";
import { type FieldDiff, readDiff } from "../release/diff/diff.ts";
import { appNameOf } from "../release/names.ts";
import type { PlannedAction } from "../release/release.ts";
import { oneLine } from "../text/clean.ts";
import { type LookedAt, terminalRequest } from "./look-data.ts";

/** The JSON of `docc diff`: stable, and explained in docs/cli.md. */
interface DiffData {
  readonly release: string;
  readonly app: string;
  readonly environment: string;
  /** Of the plan, which may have been made anew. */
  readonly number: number;
  readonly digest: string;
  readonly from: string;
  readonly to: string;
  /** Absent until it is applied. */
  readonly revision?: number;
  readonly changes: readonly ChangeData[];
  readonly risks: readonly string[];
  readonly warnings: readonly string[];
}

interface ChangeData {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly action: PlannedAction;
  readonly fields: readonly FieldDiff[];
  /** Fields that the plan leaves out, because the whole would be too long. */
  readonly left: number;
  readonly takesOver: readonly string[];
  /** False where no dry run was possible. */
  readonly previewed: boolean;
}

export async function diffData({ args, ports }: LookedAt): Promise<DiffData> {
  const { release, plan } = await plannedBy(args, terminalRequest, ports);
  const { metadata, spec, status } = release;
  const { number, digest, from, to, risks, warnings } = plan;
  const differences = readDiff(plan.diff);
  return {
    release: metadata.name,
    app: appNameOf(release) ?? "",
    environment: oneLine(spec.environment),
    number,
    digest,
    from: oneLine(from),
    to: oneLine(to),
    ...(status?.revision === undefined ? {} : { revision: status.revision }),
    changes: plan.changes.map(({ kind, namespace, name, action, takesOver, previewed = true }) => {
      const found = differences.find((each) => each.kind === kind && each.name === name);
      const { fields = [], left = 0 } = found ?? {};
      const taken = takesOver.map(oneLine);
      return { kind, namespace, name, action, fields, left, takesOver: taken, previewed };
    }),
    risks: risks.map(oneLine),
    warnings: warnings.map(oneLine),
  };
}

const green = 32;
const red = 31;
const yellow = 33;
const bold = 1;

/**
 * The lines of a diff (release/diff/text) as `diff` colours them: what comes is green, what goes is red. Nothing is
 * said by colour alone. Pure.
 */
export function colouredDiff(text: string): string {
  let ofObject: number | undefined;
  return text
    .split("\n")
    .map((line) => {
      if (!line.startsWith(" ")) {
        ofObject = colourOfObject(line);
        return ofObject === undefined ? painted(line, bold) : painted(line, ofObject);
      }
      return painted(line, ofObject ?? colourOfField(line));
    })
    .join("\n");
}

function colourOfObject(line: string): number | undefined {
  if (/: new(?:, not previewed)?$/u.test(line)) return green;
  return line.endsWith(": removed after success") ? red : undefined;
}

/** Neither a path nor a value holds two spaces: how a field changes stands behind the first ones. */
function colourOfField(line: string): number {
  const [, change] = /^ {2}\S+(?: \S+)* {2}(added|removed)(?::|$)/u.exec(line) ?? [];
  if (change === undefined) return yellow;
  return change === "added" ? green : red;
}

function painted(line: string, code: number): string {
  return line === "" ? line : `\u001b[${code}m${line}\u001b[0m`;
}
