import type { RespondFn } from "@slack/bolt";

const slackHooks = "https://hooks.slack.com";
const deadlineMs = 5_000;

/**
 * Answers through a response URL that was kept, as Bolt does with the one of a payload; undefined for an address that
 * is not Slack's.
 * @param trustedOrigin of an emulated Slack on loopback
 */
export function respondBy(
  address: string | undefined,
  trustedOrigin: string | undefined,
): RespondFn | undefined {
  const url = URL.parse(address ?? "");
  if (url === null || (url.origin !== slackHooks && url.origin !== trustedOrigin)) return undefined;
  return async (message) => {
    const response = await fetch(url, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(typeof message === "string" ? { text: message } : message),
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (!response.ok) throw new Error(`a response URL was answered with ${response.status}`);
    return response;
  };
}
