import type { Clock } from "../../src/clock.ts";
import { ApiError } from "./api-error.ts";
import { limits } from "./limits.ts";
import type { SlackFile } from "./types.ts";
import type { Workspace } from "./workspace.ts";

interface Pending {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly altText: string | undefined;
  readonly snippetType: string | undefined;
  content: Buffer | undefined;
}

/** The app's three-step upload: ask for a URL, send the bytes there, complete. */
export class Uploads {
  readonly #clock: Clock;
  readonly #workspace: Workspace;
  readonly #pending = new Map<string, Pending>();

  constructor(clock: Clock, workspace: Workspace) {
    this.#clock = clock;
    this.#workspace = workspace;
  }

  begin(draft: Pick<Pending, "name" | "length" | "altText" | "snippetType">): string {
    if (draft.snippetType !== undefined && draft.length > limits.snippetBytes) {
      throw new ApiError("snippet_too_large");
    }
    const id = this.#workspace.ids.next("F");
    this.#pending.set(id, { ...draft, id, content: undefined });
    return id;
  }

  /** Takes the bytes; false when nothing waits under this id or the length is not the one announced. */
  receive(id: string, content: Buffer): boolean {
    const upload = this.#pending.get(id);
    if (upload === undefined || upload.length !== content.byteLength) {
      return false;
    }
    upload.content = content;
    return true;
  }

  complete(
    id: string,
    title: string | undefined,
    channel: string | undefined,
    threadTs: string | undefined,
  ): SlackFile {
    const upload = this.#pending.get(id);
    if (upload?.content === undefined) {
      throw new ApiError("file_not_found");
    }
    this.#pending.delete(id);
    const file: SlackFile = {
      id,
      name: upload.name,
      title: title ?? upload.name,
      user: this.#workspace.seed.app.botUserId,
      content: upload.content,
      created: this.#clock.now(),
      mode: upload.snippetType === undefined ? "hosted" : "snippet",
      channels: channel === undefined ? [] : [channel],
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(upload.altText === undefined ? {} : { altText: upload.altText }),
      ...(upload.snippetType === undefined ? {} : { snippetType: upload.snippetType }),
    };
    this.#workspace.putFile(file);
    return file;
  }
}
