import { lookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { RegistryFailure } from "./failure.ts";

/** Everything that the IANA special-purpose registry keeps off the public Internet, RFC 6890. */
function reserved(): BlockList {
  const list = new BlockList();
  const v4: readonly (readonly [string, number])[] = [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["224.0.0.0", 3],
  ];
  for (const [net, prefix] of v4) list.addSubnet(net, prefix, "ipv4");
  // Teredo, 6to4 and documentation: the first two carry any IPv4 address inside.
  for (const [net, prefix] of [
    ["2001::", 23],
    ["2002::", 16],
    ["2001:db8::", 32],
  ] as const) {
    list.addSubnet(net, prefix, "ipv6");
  }
  return list;
}

/** Global unicast; loopback, link-local, unique local and IPv4 in disguise lie outside. RFC 4291. */
function globalUnicast(): BlockList {
  const list = new BlockList();
  list.addSubnet("2000::", 3, "ipv6");
  return list;
}

const special = reserved();
const unicast = globalUnicast();

/** Whether an IP address is one of the public Internet's. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, "ipv4");
    case 6:
      return unicast.check(address, "ipv6") && !special.check(address, "ipv6");
    default:
      return false;
  }
}

const inside = (): RegistryFailure =>
  new RegistryFailure("is at a private address, and not among the operator's registries");

/** A host that is written as an address is never looked up, so it is checked by itself. */
export function refusePrivateHost({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/gu, "");
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw inside();
}

/** The system's resolver, or a test's. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/**
 * The system's lookup for connections that may only leave: the very addresses that were checked are
 * the ones that are connected to, so a name that changes its mind in between gains nothing.
 */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const problem = error ?? refused(addresses);
      const [first] = addresses ?? [];
      if (problem !== undefined) callback(problem, "", 0);
      else if (options.all === true) callback(null, [...addresses]);
      else callback(null, first?.address ?? "", first?.family);
    });
  };
}

function refused(addresses: readonly LookupAddress[]): Error | undefined {
  if (addresses.length === 0) return new RegistryFailure("has no address");
  return addresses.every(({ address }) => isPublicAddress(address)) ? undefined : inside();
}
