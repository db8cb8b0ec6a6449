import { randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "../k8s/api.ts";
import { decisions, releases } from "../k8s/kinds.ts";
import { asDecision, asRelease } from "../k8s/records.ts";
import { whoAmI } from "../k8s/who.ts";
import type { DecisionSpec } from "../release/decision-record.ts";
import type { Release } from "../release/release.ts";
import { oneLine, quoted } from "../text/clean.ts";
import { answerTo, storeRecord } from "./answered.ts";
import { exitCodes } from "./command.ts";
import type { Wish } from "./decide.ts";
import { decisionData } from "./decision-data.ts";
import { inItsPlace, openOne, planOf } from "./decide-target.ts";
import { atHome, withRole } from "./home-live.ts";
import type { Io } from "./io.ts";
import { asText } from "./output.ts";
import { planLines } from "./plan-lines.ts";
import { usageError } from "./words.ts";

/**
 * Stores a decision with the kubeconfig of who calls, and waits for docc's answer to it.
 * @returns the exit code: 0 taken, 1 refused
 * @throws DoccError for what cannot be found, read or stored; Unanswered when docc gives no answer
 */
export async function decideLive(wish: Wish, io: Io): Promise<number> {
  return atHome(wish, async ({ api, connection }) => {
    const release = await find(api, wish);
    const plan = planOf(release, wish);
    const user = await whoAmI(connection);
    const { namespace, output, verdict, reason } = wish;
    // Standard output is for programs alone where they asked for it.
    const tell = output === "table" ? io.stdout : io.stderr;
    for (const line of planLines(release, plan)) tell(`${line}\n`);
    await confirm(wish, release, user, { line: io.line, tell });
    const spec: DecisionSpec = {
      release: release.metadata.name,
      digest: plan.digest,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      by: { provider: "kubernetes", team: "", user },
    };
    const name = `${release.metadata.name.slice(0, 200)}-${randomUUID().slice(0, 12)}`;
    const at = { kind: decisions, namespace, name, clock: systemClock };
    await withRole("decide", at, () => storeRecord(api, at, spec, "decision"));
    const meanwhile = "decision is stored, and docc takes or refuses it later";
    const answer = await answerTo(api, at, (each) => asDecision(each).status, meanwhile);
    io.stdout(
      output === "table"
        ? `${oneLine(answer.sentence)}\n`
        : asText(decisionData(answer, release, plan), output),
    );
    return answer.outcome === "accepted" ? exitCodes.ok : exitCodes.errors;
  });
}

/** By its own name, or the one of an app that is not over yet. */
async function find(api: KubeApi, { name, environment, namespace }: Wish): Promise<Release> {
  return withRole("decide", { namespace }, async () => {
    const found = await api.find(releases, { namespace, name });
    if (found !== undefined) return inItsPlace(asRelease(found), environment);
    if (environment === undefined) {
      throw new DoccError("not-found", `There is no release ${quoted(name)} in ${namespace}.`, {
        hint: "`kubectl get releases` lists them; for an application add in=ENVIRONMENT.",
      });
    }
    const { items } = await api.listAll(releases, { namespace });
    return openOne(items.map(asRelease), { app: name, environment });
  });
}

/** The name of what changes is typed, so that nobody decides by the habit of pressing return. */
async function confirm(
  wish: Wish,
  { spec, status }: Release,
  user: string,
  io: Pick<Io, "line"> & { readonly tell: Io["stdout"] },
): Promise<void> {
  if (wish.isSure) return;
  const app = status?.app ?? spec.app ?? "";
  io.tell(`You are ${oneLine(user)}. To ${wish.verdict}, type the application's name: `);
  if ((await io.line()).trim() === app) return;
  throw usageError("That is not its name: nothing was decided.");
}
