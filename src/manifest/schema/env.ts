import { z } from "zod";
import { becomings, notes } from "./note.ts";
import { dataKey, objectName, variableName } from "./names.ts";

const LONGEST_VALUE = 32_768;

/** Text, or a key of a Secret or ConfigMap: exactly one of the two (rules/env.ts). */
const value = z
  .union([
    z
      .string()
      .max(LONGEST_VALUE)
      // oxlint-disable-next-line no-control-regex -- NUL is what is looked for
      .regex(/^[^\0]*$/u)
      .register(notes, {
        code: "bad-value",
        says: "cannot be the value of a variable",
        hint: `Give text without NUL, at most ${LONGEST_VALUE} characters.`,
        isPrivate: true,
      }),
    z.strictObject({
      secret: objectName("a Secret")
        .meta({ examples: ["shop-db"] })
        .register(becomings, { becomes: "`secretKeyRef`. The Secret must be there already." })
        .optional(),
      config: objectName("a ConfigMap")
        .meta({ examples: ["shop"] })
        .register(becomings, { becomes: "`configMapKeyRef`, likewise. One of the two." })
        .optional(),
      key: dataKey
        .meta({ examples: ["url"] })
        .register(becomings, { becomes: "The entry whose content the variable gets." }),
    }),
  ])
  .describe("text in quotes, or {secret, key}, or {config, key}")
  .register(notes, { code: "wrong-type", says: "", hint: "", isPrivate: true });

/** Entries are counted by rules/counts.ts: a record has no maximum of its own. */
export const env = z
  .record(variableName, value)
  .describe("an object of variables by name: text, {secret, key} or {config, key}")
  .meta({
    examples: [{ LOG_LEVEL: "info", DATABASE_URL: { secret: "shop-db", key: "url" } }],
  })
  .register(becomings, {
    becomes:
      "`env`. Text is taken to the letter, a `$(` too; `secret` and `config` become `secretKeyRef` and `configMapKeyRef`.",
  });
