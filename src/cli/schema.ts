import { manifestJsonSchema } from "../manifest/json-schema.ts";
import { type CliCommand, exitCodes } from "./command.ts";
import { usageError } from "./words.ts";

export const schema: CliCommand = {
  name: "schema",
  usage: "> manifest.schema.json",
  summary: "Print the JSON Schema by which editors complete and explain manifests",
  details: [
    "The first line of a manifest names where it lies:",
    "# yaml-language-server: $schema=./manifest.schema.json",
  ],
  examples: ["schema > manifest.schema.json"],
  options: {},
  run: ({ positionals: [surplus] }, io) => {
    if (surplus !== undefined) {
      throw usageError("docc schema takes no words.", "Write docc schema > manifest.schema.json.");
    }
    io.stdout(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
    return Promise.resolve(exitCodes.ok);
  },
};
