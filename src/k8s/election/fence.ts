import { DoccError } from "../../errors.ts";

/** The refusal of a write by a process that does not lead, or leads no more. */
class NotLeading extends DoccError {
  override readonly name = "NotLeading";

  constructor() {
    super("unavailable", "This replica of docc does not lead; another one goes on with the work.");
  }
}

/** For whatever only the leader may do: throws unless it leads at this very moment. */
export function onlyWhile(leads: () => boolean): () => void {
  return () => {
    if (!leads()) throw new NotLeading();
  };
}
