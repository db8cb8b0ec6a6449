/**
 * Text that Kubernetes hands on to the letter. In `command`, `args` and the values of `env` it reads
 * `$(NAME)` as a variable and `$$` as one `$` (k8s.io/kubernetes, third_party/forked/golang/expansion), so
 * a `$` before either of the two is doubled.
 */
export function literal(text: string): string {
  return text.replaceAll(/\$(?=[$(])/gu, "$$$$");
}

/** Back from {@link literal}; what it is given by others may hold a real variable, which stays. */
export function unescaped(text: string): string {
  return text.replaceAll("$$", "$");
}
