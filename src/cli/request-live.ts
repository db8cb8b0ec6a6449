import { createHash, randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import { createRecords } from "../k8s/records.ts";
import { whoAmI } from "../k8s/who.ts";
import type { Release, ReleaseSpec } from "../release/release.ts";
import type { Asker } from "../release/request.ts";
import { isSame, keyText, nameFor, type Request } from "./asked.ts";
import { exitCodes } from "./command.ts";
import { follow } from "./follow.ts";
import { atHome, type Home, recordsAt, withRole } from "./home-live.ts";
import type { Io } from "./io.ts";
import { asText } from "./output.ts";
import { recordPorts } from "./record-ports.ts";
import type { AskedWords } from "./request-words.ts";
import { createTeller } from "./teller.ts";
import { summaryOf } from "./summary.ts";

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
    const name = nameFor(request.app, hashOf(asked, request.app));
    const before = ports.releases.kept(name)?.spec;
    const isAgain = before !== undefined && request.isRepeat?.(before, asker) === true;
    const spec = isAgain ? before : await request.spec(asker, ports);
    if ("refused" in spec) {
      io.stderr(`docc: ${spec.refused.join(" ")}\n`);
      return exitCodes.errors;
    }
    const stored = await withRole("ask for a release", { namespace }, () =>
      store(home, name, spec),
    );
    const teller = createTeller(io, asked.output);
    teller.tell(stored, undefined);
    const { release, code } =
      asked.waitMs === undefined
        ? { release: stored, code: exitCodes.ok }
        : await follow(home, stored, { waitMs: asked.waitMs, io, teller });
    if (asked.output !== "table") io.stdout(asText(summaryOf(release), asked.output));
    return code;
  });
}

function hashOf({ environment, key }: AskedWords, app: string): string {
  return sha256(key === undefined ? randomUUID() : keyText(app, environment, key));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The release of that name: made now, or by the same request before. */
async function store({ api, namespace }: Home, name: string, spec: ReleaseSpec): Promise<Release> {
  const records = createRecords(api, namespace);
  await records.createRelease(name, spec);
  const stored = await records.findRelease(name);
  if (stored === undefined) {
    throw new DoccError("not-found", `The release ${name} is gone already.`);
  }
  if (isSame(stored.spec, spec)) return stored;
  throw new DoccError("conflict", `This key stands for another request already: ${name}.`, {
    hint: "Give another --key, or ask for the very same again.",
  });
}
