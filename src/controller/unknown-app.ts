import type { Application } from "../release/release.ts";
import { cause, Refusal } from "./refusal.ts";
import { advise } from "../text/advice.ts";

/** Nothing of the app is applied: it never was, or it was deleted since. */
export function unknownApp({ spec: { app, environment }, status }: Application): Refusal {
  const deleted = status?.deleted;
  const give = `give its manifest with /docc deploy in=${environment}`;
  if (deleted === undefined) {
    const sentence = `docc does not know ${app} in ${environment} yet`;
    return new Refusal(cause("unknown-app", sentence, give), app);
  }
  const sentence = `release ${deleted.revision} has deleted ${app} from ${environment}`;
  const next = `${give}, or bring it back with ${advise("rollback", { app, environment })}`;
  return new Refusal(cause("unknown-app", sentence, next), app);
}
