import type { Command } from "../../../src/commands/define.ts";
import { registry } from "../../../src/commands/registry.ts";
import { argumentsOf, usageOf, whoMay } from "../../../src/commands/usage.ts";
import { code, table } from "../../manifest/reference/markdown.ts";

/** docs/commands.md, made from the declarations of the words. */
export function commandReference(): string {
  return `<!-- Made from src/commands/registry.ts: UPDATE=1 npx vitest run test/commands/docs.test.ts -->
# The commands

\`/docc WORD [APP] [key=value ...]\`, in any channel that nobody outside the workspace shares, or in a direct message
to docc. A value with spaces stands in quotes; a word shown without \`=\`, such as
\`[follow]\`, is short for \`follow=true\`. Without \`in=\` a command means the default environment
of the channel, else of who asks, else of docc.yaml ([config](#config)), except where its argument says otherwise. A word that docc does not know is answered with the nearest one that it does.

**Everybody** are the full members of the workspace: no guests, no bots, nobody of another organisation. What
\`deployers\`, \`approval\`, \`emergency\` and \`operators\` are is said in [docc.yaml](config.md). A button is a command
already typed: the same rules hold for who presses it.

${table(["word", "what it does", "who may", "example"], registry.map(row))}

${registry.map(chapter).join("\n\n")}
`;
}

function row(command: Command): readonly string[] {
  return [
    `[${code(usageOf(command))}](#${command.name})`,
    `${command.summary}.`,
    whoMay(command),
    code(`/docc ${command.examples.at(-1) ?? command.name}`),
  ];
}

function chapter(command: Command): string {
  const args = argumentsOf(command).map(({ name, optional, positional, description }) => [
    code(positional ? name : `${name}=`),
    optional ? "" : "yes",
    description,
  ]);
  const rest =
    command.rest === undefined
      ? []
      : [
          [
            code("key=value"),
            "",
            "words that change the stored manifest: [every word](manifest.md#words)",
          ],
        ];
  const examples = command.examples.map((example) => `/docc ${example}`).join("\n");
  const rows = [...args, ...rest];
  return [
    `## ${command.name}`,
    `${command.summary}.`,
    ...(rows.length === 0 ? [] : [table(["argument", "required", "meaning"], rows)]),
    `\`\`\`\n${examples}\n\`\`\``,
  ].join("\n\n");
}
