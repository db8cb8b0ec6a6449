import { nameIn } from "../commands/starting/adoption.ts";
import type { InitArguments } from "../commands/starting/arguments.ts";
import { adopt, belongings } from "../manifest/adopt/adopt.ts";
import { withUnread } from "../manifest/adopt/asked.ts";
import { fits, refusal } from "../manifest/adopt/fits.ts";
import { adoptedJson, adoptedYaml, adoptionLines } from "../manifest/adopt/text.ts";
import { namespaceIn } from "./home.ts";
import type { Io } from "./io.ts";
import { readLive } from "./live.ts";
import { platformFor } from "./platform.ts";
import { usageError, type Words } from "./words.ts";

type Asked = Pick<InitArguments, "in" | "maintainer"> & { readonly from: string };

/**
 * The manifest of a live Deployment; what it does not say goes to standard error as well.
 * @throws DoccError for wrong usage, and where the cluster cannot be read
 */
export async function adoptLive(
  { from, in: environment, maintainer = "" }: Asked,
  options: Words["options"],
  isJson: boolean,
  io: Io,
): Promise<string> {
  const name = nameIn(from);
  if (maintainer !== "" && !fits(["maintainer"], maintainer)) {
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
    ...(maintainer === "" ? {} : { maintainer }),
  });
  const whole = withUnread(adoption, unread, "You");
  io.stderr(
    adoptionLines(whole)
      .map((line) => `${line}\n`)
      .join(""),
  );
  return isJson ? adoptedJson(whole) : adoptedYaml(whole);
}
