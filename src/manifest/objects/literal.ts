/**
 * Text that Kubernetes hands on to the letter. In `command`, `args` and the values of `env` it reads
 * `$(NAME)` as a variable and `$$` as one `$` (k8s.io/kubernetes, third_party/forked/golang/expansion), so
 * a `$` before either of the two is doubled. So is one before a character of several bytes, of which older
 * versions keep the first alone.
 */
export function literal(text: string): string {
  return text.replaceAll(/\$(?=[$(\u{80}-\u{10ffff}])/gu, "$$$$");
}
