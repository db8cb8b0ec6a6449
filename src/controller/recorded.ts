import type { Plan, Source } from "../release/release.ts";
import type { ControllerPorts } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";

/** A revision of an app in an environment, by the record that a request names. */
export interface RecordedRevision extends Pick<
  Extract<Source, { readonly type: "release" }>,
  "release" | "revision"
> {
  readonly app: string;
  readonly environment: string;
}

/**
 * The plan of a revision that succeeded, read now: retention, or a hand, may have been there before us.
 * @throws Refusal `no-such-revision` where the record is gone, is another one's, or did not succeed
 */
export async function recordedPlan(
  { release, revision, app, environment }: RecordedRevision,
  { records }: Pick<ControllerPorts, "records">,
): Promise<Plan> {
  const found = await records.findRelease(release);
  const status = found?.status;
  const isIt =
    found?.spec.environment === environment && status?.app === app && status.revision === revision;
  if (!isIt || status.plan === undefined) {
    const sentence = `the record of revision ${revision} is not there any more`;
    throw new Refusal(cause("no-such-revision", sentence, "choose another one"), app);
  }
  if (found?.spec.kind === "delete") {
    const sentence = `revision ${revision} is a deletion of ${app}`;
    throw new Refusal(cause("no-such-revision", sentence, "choose one that runs something"), app);
  }
  if (status.phase !== "succeeded") {
    const sentence = `revision ${revision} never succeeded`;
    throw new Refusal(cause("no-such-revision", sentence, "choose one that did"), app);
  }
  return status.plan;
}
