import type { types, webApi } from "@slack/bolt";
import { type Clock, systemClock } from "../clock.ts";
import { type HomeData, homeOf } from "../commands/home.ts";
import type { ListedApp } from "../commands/list-apps.ts";
import type { Seen } from "../commands/list-health.ts";
import type { Ports } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import type { People as Joined } from "../release/people.ts";
import type { Identity } from "../release/release.ts";
import type { Actor, Door } from "./identity.ts";
import { describeError, type Logger } from "./logger.ts";
import { Memory } from "./memory.ts";
import { mention } from "./people.ts";
import { closedHome, homeView } from "./views/home.ts";

export interface HomeTabOptions {
  readonly client: webApi.WebClient;
  readonly door: Pick<Door, "admit">;
  /** Identities that are one person, as the operator knows them. */
  readonly joined: Joined;
  readonly ports: Ports;
  readonly clock: Clock;
  /** Times requests to clusters. */
  readonly wall?: Clock;
  readonly logger: Logger;
}

/** For whoever presses a button: how an app did a moment ago need not be asked again. */
const glanceMs = 60_000;
const mostRemembered = 5_000;

/** A page that was asked for and has not begun to be made shows the present to all who ask meanwhile. */
interface Making {
  hasBegun: boolean;
  readonly done: Promise<void>;
}

/** People's App Homes: each is made when it is looked at, by whichever replica hears of that. */
export class HomeTab {
  readonly #options: HomeTabOptions;
  readonly #glances = new Memory<Seen>(mostRemembered);
  /** The last page of each person that is not published yet. */
  readonly #making = new Map<string, Making>();

  constructor(options: HomeTabOptions) {
    this.#options = options;
  }

  /**
   * Makes a person's page and publishes it. One page of a person at a time, so that an older one never hides a newer
   * one. Never rejects: what fails is logged, and the page stays as it was.
   */
  show(actor: Actor, { isGlance = false } = {}): Promise<void> {
    const { user } = actor;
    const last = this.#making.get(user);
    if (last?.hasBegun === false) return last.done;
    const before = last?.done ?? Promise.resolve();
    const making: Making = {
      hasBegun: false,
      done: before.then(async () => {
        making.hasBegun = true;
        await this.#publish(actor, isGlance);
        if (this.#making.get(user) === making) this.#making.delete(user);
      }),
    };
    this.#making.set(user, making);
    return making.done;
  }

  async #publish(actor: Actor, isGlance: boolean): Promise<void> {
    const { client, logger } = this.#options;
    const view = await this.#viewFor(actor, isGlance);
    try {
      await client.views.publish({ user_id: actor.user, view });
    } catch (error) {
      logger.warn({ ...describeError(error), user: actor.user }, "slack published no home");
    }
  }

  /** The page, or why there is none for this person; never rejects. */
  async #viewFor(actor: Actor, isGlance: boolean): Promise<types.HomeView> {
    const { door, logger } = this.#options;
    try {
      const person = await door.admit(actor);
      return homeView(await this.#dataFor(person, isGlance), mention);
    } catch (error) {
      if (error instanceof DoccError) {
        return closedHome(error.message, { canRetry: error.reason !== "not-allowed" });
      }
      logger.error({ ...describeError(error), user: actor.user }, "a home could not be made");
      const sentence = "docc made a mistake. Its operators find the cause in the log.";
      return closedHome(sentence, { canRetry: true });
    }
  }

  async #dataFor(person: Identity, isGlance: boolean): Promise<HomeData> {
    const { ports, joined, clock, wall = systemClock } = this.#options;
    const known = (app: Place): Seen | undefined =>
      isGlance ? this.#glances.recall(placeOf(app), clock.now()) : undefined;
    const data = await homeOf(await ports.namesOf(person), ports, { people: joined, wall, known });
    for (const app of [...data.mine, ...data.teams.flatMap(({ apps }) => apps)]) {
      // What was remembered gets no older than it may for being shown once more.
      if (app.seen === undefined || app.seen === known(app)) continue;
      this.#glances.keep(placeOf(app), app.seen, clock.now() + glanceMs);
    }
    return data;
  }
}

type Place = Pick<ListedApp, "app" | "environment">;

/** Neither name holds a slash. */
function placeOf({ app, environment }: Place): string {
  return `${environment}/${app}`;
}
