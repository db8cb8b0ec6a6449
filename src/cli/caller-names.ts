import type { NamedPerson } from "../commands/own-names.ts";
import { DoccError } from "../errors.ts";
import { cap } from "../text/cap.ts";
import { oneLine, quoted } from "../text/clean.ts";

/** An API server may put something before it: `oidc:ann@example.com`, `https://issuer.example.com#ann@example.com`. */
const withAddress = /^(?:\S*[:#])?(?<address>[^\s:#@]+@[^\s:#@]+)$/u;

/**
 * What manifests may call who types, as far as the cluster tells. Pure.
 * @param user the name that the API server knows them by; where people sign in by e-mail (OIDC), that is their address
 * @throws DoccError `not-allowed` where it is no address: no manifest could name them by it
 */
export function callerNames(user: string): NamedPerson {
  const person = { provider: "kubernetes", team: "", user } as const;
  const [, address] = withAddress.exec(user) ?? [];
  if (address !== undefined) {
    const note = `You are ${cap(oneLine(address), 100)} here; apps that name you by a Slack id or another address are not among them.`;
    return { person, address, ids: [], note };
  }
  const sentence = `The cluster knows you as ${quoted(user, 100)}, which is no e-mail address.`;
  throw new DoccError("not-allowed", sentence, {
    hint: "Write maintainer= and a part of your e-mail address; in Slack docc knows who you are.",
  });
}
