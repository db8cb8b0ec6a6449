import { createHash, randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import type { Ports } from "../commands/ports.ts";
import { isDoccError } from "../errors.ts";
import { whoAmI } from "../k8s/who.ts";
import type { Asker } from "../release/request.ts";
import { keyText, nameFor, type Request } from "./asked.ts";
import { exitCodes, worstOf } from "./command.ts";
import type { Refused } from "./declared.ts";
import { follow, type Followed } from "./follow.ts";
import { atHome, type Home, recordsAt, withRole } from "./home-live.ts";
import type { Io } from "./io.ts";
import { asText } from "./output.ts";
import { recordPorts } from "./record-ports.ts";
import type { AskedWords } from "./request-words.ts";
import { sayFailure } from "./said.ts";
import { createTeller, type Teller } from "./teller.ts";
import { type Fate, storeAll, type Wish } from "./store.ts";
import { type AskedSummary, askedSummary, type Summary, summaryOf } from "./summary.ts";

/**
 * Stores a request with the kubeconfig of who calls, and follows it where that is asked.
 * @returns the exit code
 * @throws DoccError where nothing is stored; `conflict` for a key that stands for another request
 */
export async function requestLive(asked: AskedWords, request: Request, io: Io): Promise<number> {
  return atHome(asked.place, async (home) => {
    const user = await whoAmI(home.connection);
    const asker: Asker = {
      requester: { provider: "kubernetes", team: "", user },
      tell: asked.tell,
    };
    const { namespace } = home;
    const records = request.needsRecords
      ? await withRole("read the records", { namespace }, () => recordsAt(home))
      : { applications: [], releases: [] };
    const { environment } = asked;
    const ports = recordPorts(records, { clock: systemClock, environment, hash: sha256 });
    const wishes = await wishesOf(asked, request, asker, ports);
    if ("refused" in wishes) {
      io.stderr(`docc: ${wishes.refused.join(" ")}\n`);
      return exitCodes.errors;
    }
    const hasKey = asked.key !== undefined;
    const fates = await withRole("ask for a release", { namespace }, () =>
      storeAll({ ...home, hasKey }, wishes),
    );
    const tellers = fates.map(() => createTeller(io, asked.output));
    for (const [at, fate] of fates.entries()) {
      if ("release" in fate) tellers[at]?.tell(fate.release, undefined);
      else io.stderr(`docc: ${sayFailure("unsure" in fate ? fate.unsure : fate.failed)}\n`);
    }
    const ends = await endsOf(home, fates, { waitMs: asked.waitMs, io, tellers });
    if (asked.output !== "table") {
      const known = ends.flatMap(({ known: each }) => (each === undefined ? [] : [each]));
      io.stdout(asText(wishes.length === 1 ? known[0] : known, asked.output));
    }
    return worstOf(ends.map(({ code }) => code));
  });
}

/** The releases to store: under a key, what the same words stored before is taken as it is. */
async function wishesOf(
  asked: AskedWords,
  request: Request,
  asker: Asker,
  ports: Ports,
): Promise<readonly Wish[] | Refused> {
  const named = request.apps.map((app) => ({ app, name: nameFor(app, hashOf(asked, app)) }));
  const stored = named.flatMap(({ app, name }) => {
    const spec = ports.releases.kept(name)?.spec;
    const isAgain = spec !== undefined && request.isRepeat?.(spec, asker) === true;
    return isAgain ? [{ app, name, spec }] : [];
  });
  const fresh = named.filter(({ app }) => !stored.some((each) => each.app === app));
  if (fresh.length === 0) return stored;
  const apps = fresh.map(({ app }) => app);
  const specs = await request.specs(apps, asker, ports);
  if ("refused" in specs) return specs;
  const made = fresh.flatMap(({ name }, at) => {
    const spec = specs[at];
    return spec === undefined ? [] : [{ name, spec }];
  });
  return [...stored, ...made];
}

/** What is known of one in the end, as data. */
interface End {
  readonly known: Summary | AskedSummary | undefined;
  readonly code: number;
}

/** One after the other, so that what is told of each stands together; the time is one for all. */
async function endsOf(
  home: Home,
  fates: readonly Fate[],
  {
    waitMs,
    io,
    tellers,
  }: {
    readonly waitMs: number | undefined;
    readonly io: Io;
    readonly tellers: readonly Teller[];
  },
): Promise<readonly End[]> {
  const ends: End[] = [];
  const until = systemClock.now() + (waitMs ?? 0);
  for (const [at, fate] of fates.entries()) {
    const isOver = ends.some(({ code }) => code === exitCodes.interrupted);
    const teller = tellers[at];
    if ("failed" in fate) {
      ends.push({ known: undefined, code: exitCodes.errors });
    } else if ("unsure" in fate) {
      const { namespace } = home;
      ends.push({ known: askedSummary({ ...fate.wish, namespace }), code: exitCodes.timeout });
    } else if (waitMs === undefined || isOver || teller === undefined) {
      ends.push({ known: summaryOf(fate.release), code: exitCodes.ok });
    } else {
      const following = follow(home, fate.release, { waitMs, until, io, teller });
      ends.push(await (fates.length === 1 ? endOf(following) : endOf(following).catch(gone(io))));
    }
  }
  return ends;
}

async function endOf(following: Promise<Followed>): Promise<End> {
  const { release, code } = await following;
  return { known: summaryOf(release), code };
}

/** One of several that was deleted meanwhile: the others are followed all the same. */
function gone(io: Io): (error: unknown) => End {
  return (error) => {
    if (!isDoccError(error, "not-found")) throw error;
    io.stderr(`docc: ${sayFailure(error)}\n`);
    return { known: undefined, code: exitCodes.errors };
  };
}

function hashOf({ environment, key }: AskedWords, app: string): string {
  return sha256(key === undefined ? randomUUID() : keyText(app, environment, key));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
