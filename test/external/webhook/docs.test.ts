import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cloudEvent, eventType } from "../../../src/external/webhook/cloud-event.ts";
import { readSecret, sign } from "../../../src/external/webhook/signature.ts";
import { type NoticeData, noticedPhases, noticesOf } from "../../../src/release/notices.ts";
import { plan, release } from "../../release/releases.ts";

const page = readFileSync(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");

function fenced(language: string, containing: string): string {
  const blocks = [...page.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gmsu)];
  const found = blocks.find(([, of, text = ""]) => of === language && text.includes(containing));
  if (found?.[2] === undefined) throw new Error(`no ${language} with ${containing}`);
  return found[2];
}

function fields(heading: string): readonly string[] {
  const table = page.slice(page.indexOf(heading)).split("\n\n")[0] ?? "";
  const rows = table.split("\n").slice(2);
  return rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
}

/** All fields that a notice can have: the compiler refuses one too few and one too many. */
const every: Readonly<Record<keyof Required<NoticeData>, true>> = {
  release: true,
  app: true,
  environment: true,
  kind: true,
  phase: true,
  revision: true,
  from: true,
  to: true,
  by: true,
  requester: true,
  approvers: true,
  outcome: true,
  affected: true,
  cause: true,
  urls: true,
  slack: true,
  times: true,
};

describe("docs/webhooks.md", () => {
  it("has the types of the code, in their order", () => {
    expect(fields("| type | when |")).toEqual(noticedPhases.map(eventType));
  });

  it("has the fields of the code, in its table and in its example", () => {
    expect(fields("| field of `data` |")).toEqual(Object.keys(every));
    const example = JSON.parse(fenced("json", "specversion")) as { readonly data: object };
    expect(Object.keys(example.data)).toEqual(Object.keys(every));
  });

  it("shows an event as docc sends it", () => {
    const at = "2017-12-06T09:00:04.000Z";
    const transitions = [
      { phase: "approved", at: "2017-12-06T09:00:03.000Z", actor: "U0APPROVER" },
      { phase: "failed", at, actor: "docc" },
    ] as const;
    const example: unknown = JSON.parse(fenced("json", "specversion"));
    const { data } = example as { readonly data: NoticeData };
    const stored = release({
      phase: "failed",
      revision: 7,
      transitions,
      approvals: [
        {
          by: { provider: "slack", team: "T0TEAM", user: "U0APPROVER" },
          at: "2017-12-06T09:00:03.000Z",
          digest: plan.digest,
        },
      ],
      finishedAt: at,
      slack: { channel: "C0DEPLOYS", ts: "1512550800.000100", told: [] },
      plan: { ...plan, from: "2017", to: "2018" },
      verdict: {
        outcome: "failed",
        affected: data.affected ?? "",
        ready: 0,
        wanted: 3,
        urls: data.urls ?? [],
        cause: {
          code: "crash-loop",
          sentence: "kubecon exits with code 1 at start",
          evidence: ["never told"],
          next: "add DATABASE_URL to env, or roll back",
        },
      },
    });
    const uid = "6f0c1c5e-4f2b-4a38-9a3e-6a5d0a8f7c11";
    const creationTimestamp = "2017-12-06T09:00:00.000Z";
    const metadata = { ...stored.metadata, uid, creationTimestamp };
    const last = noticesOf({ ...stored, metadata }).at(-1);
    if (last === undefined) throw new Error("no notice");
    expect(JSON.parse(cloudEvent(last, "docc"))).toEqual(example);
  });

  it("shows a check that takes docc's signature, and nothing else", async () => {
    const code = fenced("js", "isFromDocc(secret");
    const source = `data:text/javascript,${encodeURIComponent(code)}`;
    const { isFromDocc } = (await import(/* @vite-ignore */ source)) as {
      readonly isFromDocc: (
        secret: string,
        headers: Readonly<Record<string, string>>,
        body: string,
        now: number,
      ) => boolean;
    };
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const key = readSecret(secret);
    if (key === undefined) throw new Error("no secret");
    const message = { id: "uid-failed-1", timestamp: 1_614_265_330, body: '{"specversion":"1.0"}' };
    const headers = {
      "webhook-id": message.id,
      "webhook-timestamp": String(message.timestamp),
      "webhook-signature": sign(message, [new Uint8Array(32), key]),
    };
    const now = message.timestamp * 1_000;
    expect(isFromDocc(secret, headers, message.body, now)).toBe(true);
    expect(isFromDocc(secret, headers, `${message.body} `, now)).toBe(false);
    expect(isFromDocc(secret, headers, message.body, now + 301_000)).toBe(false);
    expect(isFromDocc(`${secret.slice(0, -1)}x`, headers, message.body, now)).toBe(false);
  });
});
