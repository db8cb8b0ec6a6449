import { adopt, belongings } from "../manifest/adopt/adopt.ts";
import { deploymentName, withUnread } from "../manifest/adopt/asked.ts";
import { fits, refusal } from "../manifest/adopt/fits.ts";
import { adoptedJson, adoptedYaml, adoptionLines } from "../manifest/adopt/text.ts";
import { quoted } from "../text/clean.ts";
import { namespaceIn } from "./home.ts";
import type { Io } from "./io.ts";
import { readLive } from "./live.ts";
import { environmentIn, platformFor } from "./platform.ts";
import { usageError, type Words } from "./words.ts";

const usage = "docc init --from deployment/NAME";

/**
 * The manifest of a live Deployment; what it does not say goes to standard error as well.
 * @throws DoccError for wrong usage, and where the cluster cannot be read
 */
export async function adoptLive(
  { positionals, options }: Words,
  isJson: boolean,
  io: Io,
): Promise<string> {
  const { environment, rest } = environmentIn(positionals);
  refuseSurplus(rest);
  const name = deploymentIn(options.get("from") ?? "");
  const maintainer = options.get("maintainer");
  if (maintainer !== undefined && !fits(["maintainer"], maintainer)) {
    throw usageError(refusal(["maintainer"], maintainer));
  }
  const config = options.get("config");
  const given = await platformFor(environment, config, io);
  const asked = namespaceIn(options) ?? (config === undefined ? undefined : given.namespace);
  const live = await readLive({ name, namespace: asked, context: options.get("context") });
  const { deployment, objects, unread, namespace } = live;
  const adoption = adopt(deployment, belongings(deployment, objects), {
    // Without the operator's file nobody knows which namespace it will be, so it is the same.
    platform: config === undefined ? { ...given, namespace } : given,
    ...(maintainer === undefined ? {} : { maintainer }),
  });
  const whole = withUnread(adoption, unread, "You");
  io.stderr(
    adoptionLines(whole)
      .map((line) => `${line}\n`)
      .join(""),
  );
  return isJson ? adoptedJson(whole) : adoptedYaml(whole);
}

function refuseSurplus([surplus]: readonly string[]): void {
  if (surplus !== undefined) {
    throw usageError(`The word ${quoted(surplus)} is one too many.`, `Write ${usage}.`);
  }
}

function deploymentIn(given: string): string {
  const name = deploymentName(given);
  if (name === undefined) {
    throw usageError(
      `${quoted(given)} is no Deployment, and docc runs nothing else.`,
      `Write ${usage}.`,
    );
  }
  return name;
}
