import { z } from "zod";
import { environmentArgument } from "../environment.ts";

export const reaches = ["none", "http", "https"] as const;

/** An answer is looked at by the manifest's own rules; here it only has an end. */
const answer = z.string().trim().max(300, "has more than 300 characters").optional();

/** What `init` asks about a new app, so that it can be said at once as well. */
export const initArguments = z.object({
  app: answer.describe("the new application's name"),
  image: answer.describe("its image with a tag or digest: registry.example.com/team/shop:1.0"),
  port: answer.describe("the port that it listens on; none without it"),
  scheme: answer
    .describe("how it is reached from outside: none, http or https")
    .meta({ values: reaches }),
  hosts: answer.describe("host names with commas between; without them the operator's domain"),
  scale: answer.describe("how many copies run; 2 unless told"),
  memory: answer.describe("how much memory a copy needs; 512Mi unless told"),
  maintainer: answer.describe("who owns it, an e-mail address or a Slack id; you unless told"),
  write: z
    .literal("true", "takes true")
    .optional()
    .describe("true: makes the manifest of these words, without the form"),
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
export type Asked = (typeof asked)[number];

/** Answers by argument; what was left empty is not there. */
export type Said = Readonly<Partial<Record<Asked, string>>>;

export function saidIn(args: InitArguments): Said {
  return Object.fromEntries(
    asked.flatMap((name) => {
      const value = args[name] ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
}
