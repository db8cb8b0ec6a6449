/** The members of a JSON object in a body; of anything else none. */
export function membersOf(body: Uint8Array | string): Readonly<Record<string, unknown>> {
  try {
    const text = typeof body === "string" ? body : new TextDecoder().decode(body);
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
