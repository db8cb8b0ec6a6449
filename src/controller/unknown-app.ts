import type { Application } from "../release/release.ts";
import { cause, Refusal } from "./refusal.ts";

/** Nothing of the app is applied: it never was, or it was deleted since. */
export function unknownApp({ spec: { app, environment }, status }: Application): Refusal {
  const deleted = status?.deleted;
  if (deleted === undefined) {
    const sentence = `docc does not know ${app} in ${environment} yet`;
    return new Refusal(cause("unknown-app", sentence, "give its manifest with /docc deploy"), app);
  }
  const sentence = `release ${deleted.revision} has deleted ${app} from ${environment}`;
  const next = `give its manifest with /docc deploy, or bring it back with /docc rollback ${app} in=${environment}`;
  return new Refusal(cause("unknown-app", sentence, next), app);
}
