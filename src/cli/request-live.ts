import { createHash, randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import type { Ports } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "../k8s/api.ts";
import { createRecords } from "../k8s/records.ts";
import { whoAmI } from "../k8s/who.ts";
import type { Release, ReleaseSpec } from "../release/release.ts";
import type { Asker } from "../release/request.ts";
import { isSame, keyText, nameFor, type Request } from "./asked.ts";
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
import { summaryOf } from "./summary.ts";
import { Unanswered } from "./unanswered.ts";

/**
 * Stores a request with the kubeconfig of who calls, and follows it where that is asked.
 * @returns the exit code
 * @throws DoccError for what cannot be read or stored; `conflict` for a key that stands for another request
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
    const { stored, failed } = await withRole("ask for a release", { namespace }, () =>
      storeAll(home, wishes, () => createTeller(io, asked.output)),
    );
    for (const failure of failed) io.stderr(`docc: ${sayFailure(failure)}\n`);
    const followed = await followAll(home, stored, { waitMs: asked.waitMs, io });
    if (asked.output !== "table") {
      const [one, ...others] = followed.map(({ release }) => summaryOf(release));
      io.stdout(asText(others.length === 0 ? one : [one, ...others], asked.output));
    }
    return worstOf([...followed.map(({ code }) => code), ...failed.map(codeOf)]);
  });
}

interface Wish {
  readonly name: string;
  readonly spec: ReleaseSpec;
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

/** One after the other, so that what is told of each stands together; the time is one for all. */
async function followAll(
  home: Home,
  stored: readonly Stored[],
  { waitMs, io }: { readonly waitMs: number | undefined; readonly io: Io },
): Promise<readonly Followed[]> {
  const followed: Followed[] = [];
  const until = systemClock.now() + (waitMs ?? 0);
  for (const { release, teller } of stored) {
    const isOver = followed.some(({ code }) => code === exitCodes.interrupted);
    followed.push(
      waitMs === undefined || isOver
        ? { release, code: exitCodes.ok }
        : await follow(home, release, { waitMs, until, io, teller }),
    );
  }
  return followed;
}

function hashOf({ environment, key }: AskedWords, app: string): string {
  return sha256(key === undefined ? randomUUID() : keyText(app, environment, key));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

interface Stored {
  readonly release: Release;
  /** Whoever tells of this one. */
  readonly teller: Teller;
}

/**
 * Stores all at the same time, and tells of each that is.
 * @throws DoccError the first failure, where nothing is stored
 */
async function storeAll(
  home: Home,
  wishes: readonly Wish[],
  tellerOf: () => Teller,
): Promise<{ readonly stored: readonly Stored[]; readonly failed: readonly DoccError[] }> {
  const done = await Promise.allSettled(wishes.map((wish) => store(home, wish)));
  const stored = done.flatMap((each) =>
    each.status === "fulfilled" ? [{ release: each.value, teller: tellerOf() }] : [],
  );
  const failed = done.flatMap((each): readonly DoccError[] => {
    if (each.status === "fulfilled") return [];
    if (each.reason instanceof DoccError) return [each.reason];
    throw each.reason;
  });
  const [first] = failed;
  if (first !== undefined && stored.length === 0) throw first;
  for (const { release, teller } of stored) teller.tell(release, undefined);
  return { stored, failed };
}

/** Of one that is not stored where others are. */
function codeOf(failure: DoccError): number {
  return failure instanceof Unanswered ? exitCodes.timeout : exitCodes.errors;
}

/** The release of that name: made now, or by the same request before. */
async function store({ api, namespace }: Home, { name, spec }: Wish): Promise<Release> {
  const look = `Look later: kubectl get release ${name} -n ${namespace}; with --key the same command again is the same request.`;
  const unsure =
    (sentence: string) =>
    (cause: unknown): never => {
      throw new Unanswered("timeout", sentence, { hint: look, cause });
    };
  const find: KubeApi["find"] = (...given) =>
    api.find(...given).catch(unsure(`Nobody can tell now whether the release ${name} is stored.`));
  await createRecords({ ...api, find }, namespace).createRelease(name, spec);
  const stored = await createRecords(api, namespace)
    .findRelease(name)
    .catch(unsure(`The release ${name} is stored and goes on, but cannot be read now.`));
  if (stored === undefined) {
    throw new DoccError("not-found", `The release ${name} is gone already.`);
  }
  if (isSame(stored.spec, spec)) return stored;
  throw new DoccError("conflict", `This key stands for another request already: ${name}.`, {
    hint: "Give another --key, or ask for the very same again.",
  });
}
