import type { Observation } from "./observation.ts";
import type { Cause } from "./release.ts";

/** The first certificate that its issuer has not made ready, in the issuer's own words. */
export function certificatePending({ certificates }: Observation): Cause | undefined {
  const pending = certificates.find(({ ready }) => !ready);
  if (pending === undefined) return undefined;
  const { name, message } = pending;
  return {
    code: "certificate-pending",
    sentence: `certificate ${name} is not ready${message === "" ? "" : `: ${message}`}`,
    evidence: [],
    next: "check the issuer and the host's DNS",
  };
}
