import { z } from "zod";
import { DoccError } from "../../errors.ts";
import { environmentArgument } from "../environment.ts";

export const reaches = ["none", "http", "https", "tls"] as const;

/** An answer is looked at by the manifest's own rules; here it only has an end. */
const answer = z.string().trim().max(300, "has more than 300 characters").optional();

/** What `init` asks about a new app, so that it can be said at once as well. */
export const initArguments = z.object({
  app: answer.describe("the new application's name"),
  image: answer.describe("its image with a tag or digest: registry.example.com/team/shop:1.0"),
  port: answer.describe("the port that it listens on; none without it"),
  scheme: answer
    .describe("how it is reached from outside: none, http, https, or tls that it ends itself")
    .meta({ values: reaches }),
  hosts: answer.describe("host names with commas between; without them the operator's domain"),
  scale: answer.describe("how many copies run; 2 unless told"),
  memory: answer.describe("how much memory a copy needs; 512Mi unless told"),
  maintainer: answer.describe("who owns it, an e-mail address or a Slack id; you unless told"),
  team: answer.describe("the team that owns it; none without it"),
  write: z
    .literal("true", "takes true")
    .optional()
    .describe("makes the manifest of these words, without the form"),
  from: z
    .string()
    .trim()
    .min(1, "is empty")
    .max(300, "has more than 300 characters")
    .optional()
    .describe("deployment/NAME: writes down what runs there without docc, and offers to adopt it"),
  adopt: z
    .string()
    .regex(/^[0-9a-f]{12}$/u, "takes what the button Adopt gives")
    .optional()
    .describe("what was shown of `from=`; the button Adopt gives it"),
  in: environmentArgument,
});

export type InitArguments = z.infer<typeof initArguments>;

/** What is asked in the form: the name of an argument. */
export const asked = [
  "app",
  "image",
  "port",
  "scheme",
  "hosts",
  "scale",
  "memory",
  "maintainer",
] as const;

/** What can be said of an app, whether or not the form asks it. */
export const sayable = [...asked, "team"] as const;
export type Sayable = (typeof sayable)[number];

/** Answers by argument; what was left empty is not there. */
export type Said = Readonly<Partial<Record<Sayable, string>>>;

export function saidIn(args: Pick<InitArguments, Sayable>): Said {
  return Object.fromEntries(
    sayable.flatMap((name) => {
      const value = args[name] ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
}

/** What goes with `from=`; all else is read from the cluster. */
export const besideFrom: readonly string[] = ["maintainer", "in"];

/**
 * @param right how it is written instead, without its maintainer
 * @throws DoccError `bad-input` for an answer that `from=` finds by itself
 */
export function refuseBesideFrom(args: InitArguments, right: string): void {
  const given = [...Object.keys(saidIn(args)), ...(args.write === undefined ? [] : ["write"])];
  const surplus = given.find((name) => !besideFrom.includes(name));
  if (surplus === undefined) return;
  throw new DoccError("bad-input", `from= reads that from the cluster: ${surplus}= has no place.`, {
    hint: `Write ${right}, with maintainer= at most.`,
  });
}
