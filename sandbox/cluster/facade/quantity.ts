const decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

/** A value of `mantissa` times 10 to the power of `exponent`. */
interface Amount {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/**
 * A quantity as an API server gives it back: the largest unit that leaves no fraction, so that `1.5Gi`
 * comes out as `1536Mi`; after Quantity.CanonicalizeBytes of k8s.io/apimachinery, pkg/api/resource.
 * What is no quantity stays as it is: refusing is not this one's business.
 */
export function canonicalQuantity(text: string): string {
  const groups = /^(?<whole>\d+)(?:\.(?<part>\d*))?(?<unit>[numkMGTPE]|[KMGTPE]i)?$/u.exec(
    text,
  )?.groups;
  if (groups === undefined) {
    return text;
  }
  const { whole = "0", part = "", unit = "" } = groups;
  const mantissa = BigInt(whole + part);
  const power = binary.findIndex((each) => each === unit);
  if (power <= 0) {
    return inDecimals({ mantissa, exponent: exponentOf(unit) - part.length });
  }
  return inBytes({ mantissa: mantissa * 1024n ** BigInt(power), exponent: -part.length });
}

function exponentOf(unit: string): number {
  return 3 * (decimal.findIndex((each) => each === unit) - decimal.indexOf(""));
}

/** In units of 1024; what has no whole bytes, or less than 1024 of them, in units of 1000. */
function inBytes(amount: Amount): string {
  const scale = 10n ** BigInt(-amount.exponent);
  let bytes = amount.mantissa / scale;
  if (bytes * scale !== amount.mantissa || bytes < 1024n) {
    return inDecimals(amount);
  }
  let power = 0;
  while (bytes % 1024n === 0n && power < binary.length - 1) {
    bytes /= 1024n;
    power += 1;
  }
  return `${bytes}${binary[power] ?? ""}`;
}

function inDecimals({ mantissa, exponent }: Amount): string {
  if (mantissa === 0n) {
    return "0";
  }
  // Down to a multiple of three, and up again as long as nothing is lost.
  let [digits, power] = [mantissa, exponent];
  for (; power % 3 !== 0; power -= 1) {
    digits *= 10n;
  }
  for (; digits % 1_000n === 0n && power < 18; power += 3) {
    digits /= 1_000n;
  }
  return `${digits}${decimal[power / 3 + decimal.indexOf("")] ?? ""}`;
}
