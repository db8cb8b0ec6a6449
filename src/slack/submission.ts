import type { ViewOutput } from "@slack/bolt";
import { z } from "zod";
import type { Answer } from "../commands/answer.ts";
import type { Request } from "../commands/define.ts";
import type { Finding } from "../manifest/finding.ts";
import { cap } from "../text/cap.ts";
import { limits } from "./limits.ts";
import { formBlocks } from "./views/manifest-form.ts";

/** Errors under inputs of the form, by block id. */
export type FormErrors = Readonly<Record<string, string>>;

/** The form as a command: what the person would have typed, and the manifest that came along. */
export interface Submission {
  readonly words: string;
  readonly manifest: NonNullable<Request["manifest"]>;
  readonly channel: string | undefined;
}

const contextSchema = z.object({
  command: z.enum(["deploy", "validate"]),
  app: z.string().optional(),
  channel: z.string().optional(),
  file: z.object({ id: z.string(), name: z.string() }).optional(),
});

/** Where the form was asked for; undefined for a form that an earlier docc opened in its own way. */
export function channelOf(view: Pick<ViewOutput, "private_metadata">): string | undefined {
  try {
    return contextOf(view).channel;
  } catch {
    return undefined;
  }
}

/** What the form carried from its opening. */
function contextOf(view: Pick<ViewOutput, "private_metadata">): z.infer<typeof contextSchema> {
  return contextSchema.parse(JSON.parse(view.private_metadata));
}

/** What a submitted form asks for, or what is missing in it. Pure. */
export function readSubmission(view: ViewOutput): Submission | { readonly errors: FormErrors } {
  const context = contextOf(view);
  const value = (block: keyof typeof formBlocks) => view.state.values[block]?.[block];
  const manifest = manifestOf(
    context.file?.id ?? value("file")?.files?.[0]?.id,
    value("manifest")?.value ?? "",
  );
  if ("errors" in manifest) return manifest;
  const environment = value("environment")?.selected_option?.value;
  const words = [
    context.command,
    context.app ?? "",
    environment === undefined ? "" : `in=${environment}`,
    value("words")?.value ?? "",
  ];
  return {
    words: words.filter((word) => word !== "").join(" "),
    manifest,
    channel: context.channel ?? value("channel")?.selected_conversation ?? undefined,
  };
}

function manifestOf(
  file: string | undefined,
  text: string,
): Submission["manifest"] | { readonly errors: FormErrors } {
  const pasted = text.trim() !== "";
  if (file !== undefined && pasted) {
    return { errors: { [formBlocks.manifest]: "Give a file or text, not both." } };
  }
  if (file !== undefined) return { type: "slack-file", file };
  if (pasted) return { type: "inline", text };
  return { errors: { [formBlocks.manifest]: "Choose a file, or paste the manifest here." } };
}

const mostFindings = 3;

/**
 * Where and how the refusal of a deploy is shown in the form: findings with a line under the pasted
 * manifest, everything else under the words. Plain text, capped.
 */
export function formErrors(answer: Answer, submission: Submission): FormErrors {
  const findings = errorsIn(answer);
  const aboutText = submission.manifest.type === "inline" && findings.some(({ line }) => line > 0);
  const block = aboutText ? formBlocks.manifest : formBlocks.words;
  return { [block]: sayRefusal(answer) };
}

/** A refusal in one text under an input: the sentences, then the first errors. */
export function sayRefusal(answer: Answer): string {
  const findings = errorsIn(answer);
  const shown = findings.slice(0, mostFindings).map(({ line, message, hint }) => {
    const place = line === 0 ? "" : `Line ${line}: `;
    return `${place}${message}${hint === "" ? "" : ` ${hint}`}`;
  });
  const left = findings.length - shown.length;
  const more = left > 0 ? [`And ${left} more.`] : [];
  const parts = [answer.text, ...(answer.lines ?? []), ...shown, ...more];
  return cap(parts.join(" "), limits.formError);
}

function errorsIn({ findings = [] }: Answer): readonly Finding[] {
  return findings.filter(({ severity }) => severity === "error");
}
