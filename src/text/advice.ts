/**
 * A command that a sentence advises, about an app in an environment: `/docc delete shop in=production`. It always names
 * the environment: where commands go without in= is never production, so whoever followed it would act elsewhere.
 * @param words what stands between the app and the environment, as it is typed
 */
export function advise(
  command: string,
  { app, environment }: { readonly app: string; readonly environment: string },
  ...words: readonly string[]
): string {
  return ["/docc", command, app, ...words, `in=${environment}`].join(" ");
}
