import { z } from "zod";
import { defineCommand } from "./define.ts";

/** Slack completes nothing that is typed behind a slash command: the palette offers it instead. */
export const completion = defineCommand({
  name: "completion",
  summary: "Choose a command and its arguments from what docc offers",
  needs: "read",
  answers: "ack",
  positional: [],
  args: z.object({}),
  examples: ["completion"],
  run: () =>
    Promise.resolve({
      text: "In Slack, /docc alone opens a form that offers commands, apps, environments and revisions; in a terminal, docc completion bash (or zsh, or fish) prints a script that completes them.",
      palette: true,
    }),
});
