import { typed } from "./escape.ts";
import { limits } from "./limits.ts";

/** The parts of a Slack message that may hold a manifest. */
export interface SourceMessage {
  readonly text?: string;
  readonly files?: readonly {
    readonly id?: string;
    readonly name?: string | null;
    readonly size?: number;
  }[];
}

export type FoundManifest =
  | { readonly type: "file"; readonly id: string; readonly name: string }
  | { readonly type: "text"; readonly text: string }
  /** There is one, but the form's text field cannot hold it. */
  | { readonly type: "too-long" };

const manifestName = /\.(?:json|ya?ml)$/i;
const fence = /```(?:json|ya?ml)?\n?([\s\S]*?)```/;
const looksLikeManifest = /(?:^|[\s{,])["']?application["']?\s*:/;

/** The first manifest of a message: a file by its name, else a code block, else bare JSON. Pure. */
export function manifestIn(message: SourceMessage): FoundManifest | undefined {
  for (const { id, name, size = 0 } of message.files ?? []) {
    const usable =
      id !== undefined && size <= limits.manifestBytes && manifestName.test(name ?? "");
    if (usable) return { type: "file", id, name: name ?? "" };
  }
  const said = message.text ?? "";
  const text = typed(fence.exec(said)?.[1] ?? said).trim();
  if (!looksLikeManifest.test(text)) return undefined;
  return text.length > limits.inputText ? { type: "too-long" } : { type: "text", text };
}
