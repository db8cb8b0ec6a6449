/** Text from bytes; `truncated` leaves out a character that a cut at the end went through. */
export interface Text {
  readonly text: string;
  readonly truncated: boolean;
}

export function decode(bytes: Uint8Array, truncated: boolean): Text {
  return { text: new TextDecoder().decode(bytes, { stream: truncated }), truncated };
}

/** Reads at most so many bytes; leaving the loop early closes the socket behind `body`. */
export async function readUpTo(body: AsyncIterable<Uint8Array>, most: number): Promise<Text> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) {
      break;
    }
  }
  return decode(Buffer.concat(chunks).subarray(0, most), length > most);
}
