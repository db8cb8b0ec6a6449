import { DoccError } from "../errors.ts";
import type { ReleaseSpec } from "../release/release.ts";
import type { Ports } from "./ports.ts";

/**
 * Stores a request, which is what accepting it means: what is not stored is not called accepted.
 * @throws DoccError `unavailable` that says so
 */
export async function accept(
  ports: Pick<Ports, "releases">,
  name: string,
  spec: ReleaseSpec,
): Promise<void> {
  try {
    await ports.releases.create(name, spec);
  } catch (error) {
    const isTrouble = error instanceof DoccError && trouble.has(error.reason);
    if (!isTrouble) throw error;
    throw new DoccError("unavailable", "Not accepted: docc could not store the request.", {
      hint: "Please try again.",
      cause: error,
    });
  }
}

const trouble: ReadonlySet<string> = new Set(["unavailable", "timeout"]);
