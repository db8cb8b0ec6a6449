import { readManifest } from "../manifest/canonical.ts";
import {
  type DriftNews,
  driftNews,
  type ObjectDrift,
  sayDrift,
  sayWayBack,
} from "../release/drift.ts";
import type { Application, Plan, Release } from "../release/release.ts";
import type { Milestone } from "../release/story.ts";
import type { DriftNotes } from "./drift-notes.ts";
import { firstThatTakes, placesOf } from "./places.ts";
import type { ControllerPorts } from "./ports.ts";

export interface TellingPorts extends Pick<
  ControllerPorts,
  "clock" | "hash" | "cache" | "environments" | "messenger" | "log"
> {
  readonly drifts: DriftNotes;
}

/** An app as docc applied it last. */
export interface Deployed {
  readonly head: Application;
  readonly release: Release;
  readonly plan: Plan;
}

/**
 * Tells people what was changed outside docc, once, and once that it is mended: in the thread of the release that
 * was applied last, and in its channel. The head notes what was told. What a process said that died before its note
 * is found in the thread.
 */
export class DriftTeller {
  readonly #ports: TellingPorts;
  /** Heads of which this process knows that all that was told is noted. */
  readonly #sure = new Set<string>();

  constructor(ports: TellingPorts) {
    this.#ports = ports;
  }

  /**
   * @throws DoccError `slack-refused` or `unavailable`, or a KubeError: nothing is lost, the next look tries again
   */
  async tell(deployed: Deployed, drift: readonly ObjectDrift[]): Promise<void> {
    const { clock, drifts, hash } = this.#ports;
    const head = await drifts.settled(deployed.head);
    const news = driftNews(head.status?.drift, drift, deployed.release.metadata.name, hash);
    if (news === undefined) return;
    const milestone = milestoneOf(news, deployed, drift);
    if (!(await this.#isTold(deployed, milestone))) await this.#say(deployed, milestone);
    const at = new Date(clock.now()).toISOString();
    await drifts.write(head, news.type === "mended" ? undefined : { ...news.note, at });
  }

  /** Whether the thread ends with it, where this process was not there to know. */
  async #isTold({ head, release }: Deployed, { key }: Milestone): Promise<boolean> {
    const { name } = head.metadata;
    const { channel, ts } = release.status?.slack ?? {};
    if (this.#sure.has(name) || channel === undefined || ts === undefined) return false;
    const keys = (await this.#ports.messenger.replies({ channel, ts }, release)) ?? [];
    this.#sure.add(name);
    return keys.findLast((each) => each === "mended" || each.startsWith("drift:")) === key;
  }

  async #say({ head, release }: Deployed, milestone: Milestone): Promise<void> {
    const { messenger, log } = this.#ports;
    const { channel: told, ts } = release.status?.slack ?? {};
    const thread = told === undefined || ts === undefined ? [] : [{ channel: told, ts }];
    const places = [...thread, ...placesOf(release, this.#ports).map((channel) => ({ channel }))];
    if (places.length === 0) log.warn({ application: head.metadata.name }, "nobody hears of drift");
    const post = async (place: Parameters<typeof messenger.reply>[0]): Promise<void> => {
      try {
        await messenger.reply(place, milestone, release);
      } catch (error) {
        this.#sure.delete(head.metadata.name);
        throw error;
      }
    };
    await firstThatTakes(places, post, (place, error) =>
      log.warn({ err: error, ...place }, "drift cannot be told there; trying the next"),
    );
  }
}

function milestoneOf(
  news: DriftNews,
  { head, plan }: Deployed,
  drift: readonly ObjectDrift[],
): Milestone {
  const { app, environment } = head.spec;
  if (news.type === "mended") return { ...news, key: "mended", app, environment };
  return {
    type: "drifted",
    key: `drift:${news.note.hash}`,
    app,
    environment,
    changes: sayDrift(drift),
    next: sayWayBack(drift, head),
    maintainers: readManifest(plan.manifest)?.maintainer ?? [],
  };
}
