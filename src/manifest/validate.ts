import type { Problem } from "./problem.ts";
import type { Platform } from "./platform.ts";
import { problemsOf } from "./schema/issues.ts";
import { entryCounts, readable } from "./rules/counts.ts";
import { brokenRules } from "./rules/rules.ts";
import { type Manifest, manifestSchema } from "./schema/manifest.ts";
import type { Tree } from "./reading/tree.ts";
import { warningsOf } from "./rules/warnings.ts";

/** What a tree comes to: a manifest unless a problem is an error, and everything to say about it. */
export interface Validated {
  readonly manifest: Manifest | undefined;
  readonly problems: readonly Problem[];
}

/** Holds a tree against the schema and the rules; all problems at once. */
export function validate(whole: Tree, platform: Platform): Validated {
  const root = readable(whole);
  const parsed = manifestSchema.safeParse(root.value);
  const broken = [...entryCounts(whole), ...brokenRules(root, platform)];
  if (!parsed.success) {
    return { manifest: undefined, problems: [...problemsOf(parsed.error.issues, root), ...broken] };
  }
  if (broken.length > 0) {
    return { manifest: undefined, problems: broken };
  }
  const { $schema: _forEditors, ...manifest } = parsed.data;
  return { manifest, problems: warningsOf(manifest, root, platform) };
}
