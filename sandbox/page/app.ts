import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";

/** What the page needs to know of the installed app, from the manifest that a real workspace gets. */
export interface AppFeatures {
  readonly command: string;
  readonly usage: string;
  readonly messageShortcuts: readonly { readonly id: string; readonly name: string }[];
  readonly globalShortcuts: readonly { readonly id: string; readonly name: string }[];
  /** The app has a Home tab. */
  readonly hasHome: boolean;
  /** Nobody can write to the app directly. */
  readonly isReadOnly: boolean;
}

const schema = z.object({
  features: z.object({
    app_home: z.object({
      home_tab_enabled: z.boolean().default(false),
      messages_tab_read_only_enabled: z.boolean().default(true),
    }),
    slash_commands: z.array(z.object({ command: z.string(), usage_hint: z.string().default("") })),
    shortcuts: z.array(
      z.object({ name: z.string(), type: z.enum(["message", "global"]), callback_id: z.string() }),
    ),
  }),
});

export async function readAppFeatures(manifest: URL): Promise<AppFeatures> {
  const { features } = schema.parse(parse(await readFile(manifest, "utf8")));
  const [slash] = features.slash_commands;
  const shortcuts = (type: "message" | "global"): AppFeatures["messageShortcuts"] =>
    features.shortcuts
      .filter((one) => one.type === type)
      .map((one) => ({ id: one.callback_id, name: one.name }));
  return {
    command: slash?.command ?? "",
    usage: slash?.usage_hint ?? "",
    messageShortcuts: shortcuts("message"),
    globalShortcuts: shortcuts("global"),
    hasHome: features.app_home.home_tab_enabled,
    isReadOnly: features.app_home.messages_tab_read_only_enabled,
  };
}
