import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A key and a certificate of an authority that nobody knows; undefined without openssl.
 * @param name `DNS:localhost` or `IP:127.0.0.1`
 */
export function selfSigned(
  name: string,
): { readonly key: string; readonly cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "docc-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const kind = "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256";
  const names = `-subj /CN=localhost -addext subjectAltName=${name}`;
  const files = ["-keyout", key, "-out", cert];
  const { status } = spawnSync("openssl", [kind.split(" "), names.split(" "), files].flat());
  try {
    return status === 0
      ? { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") }
      : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
