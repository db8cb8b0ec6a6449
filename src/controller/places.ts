import { isDoccError } from "../errors.ts";
import { storedManifest } from "../manifest/canonical.ts";
import type { Application, Release } from "../release/release.ts";
import type { ControllerPorts } from "./ports.ts";

/**
 * In the app's channel, else the environment's, else where it was asked, else to the requester alone. One that
 * takes no message, or in which another organisation would read it, is passed over by {@link firstThatTakes}.
 */
export function placesOf(
  { spec }: Release,
  { cache, environments }: Pick<ControllerPorts, "cache" | "environments">,
): readonly string[] {
  const { app, environment, channel, requester } = spec;
  const head = app === undefined ? undefined : cache.application(app, environment);
  const { provider, user } = requester;
  const wished = [
    ownChannel(head),
    environments.get(environment)?.channel,
    channel,
    provider === "slack" ? user : undefined,
  ];
  return [...new Set(wished.filter((each) => each !== undefined))];
}

/**
 * The channel of an app's own, from what is applied: a manifest that is only asked for must not choose who
 * hears of it.
 */
export function ownChannel(head: Application | undefined): string | undefined {
  const applied = head?.status?.applied;
  return applied === undefined ? undefined : storedManifest(applied.manifest).channel;
}

/**
 * Posts to the first place that takes it.
 * @param pass told of each that takes no message but the last
 * @throws DoccError `slack-refused` when the last one takes none either, and whatever else a post fails with at once
 */
export async function firstThatTakes<Place>(
  places: readonly Place[],
  post: (place: Place) => Promise<void>,
  pass: (place: Place, error: unknown) => void,
): Promise<void> {
  for (const [at, place] of places.entries()) {
    try {
      await post(place);
      return;
    } catch (error) {
      const isLast = at === places.length - 1;
      if (isLast || !isDoccError(error, "slack-refused")) throw error;
      pass(place, error);
    }
  }
}
