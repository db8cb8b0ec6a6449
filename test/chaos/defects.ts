import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { releases } from "../../src/k8s/kinds.ts";
import type { Call } from "../support/proxy/calls.ts";
import { type Fate, pass, statusAnswer } from "../support/proxy/fates.ts";
import type { Finding } from "./history.ts";

/** The world behind the proxies, for a defect to meddle with. */
export interface Tools {
  readonly api: KubeApi;
  readonly slack: FakeSlack;
}

/** Something that docc might do wrong, played by the proxies: the rig must see it. */
export interface Defect {
  readonly name: string;
  /** What it must be called, and by which words. */
  readonly fault: Finding["fault"];
  readonly what: RegExp;
  readonly rule: (call: Call, tools: Tools) => Fate | Promise<Fate>;
}

/** A Release as docc sends it. */
interface Sent {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: object;
}

/** Every kind of fault once, and the doubling in Slack besides. */
export const defects: readonly Defect[] = [
  {
    name: "a request is stored under two names",
    fault: "doubled",
    what: /one delivery has several releases/,
    rule: async ({ kind, body }, { api }) => {
      if (kind !== "POST releases") return pass;
      const asked = JSON.parse(body) as Sent;
      const { name, namespace } = asked.metadata;
      const copy = { ...asked, metadata: { name: `${name}0`, namespace } };
      await api.create(releases, copy).catch(() => undefined);
      return pass;
    },
  },
  {
    name: "a request is acknowledged and not stored",
    fault: "lost",
    what: /acknowledged as accepted, and there is no release/,
    rule: ({ kind, body }) => {
      if (kind !== "POST releases") return pass;
      const asked = JSON.parse(body) as Sent;
      const stamp = { uid: "u-1", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };
      const stored = { ...asked, metadata: { ...asked.metadata, ...stamp } };
      const headers = { "content-type": "application/json" };
      return { type: "answer", status: 201, headers, body: JSON.stringify(stored) };
    },
  },
  {
    name: "no end is ever written",
    fault: "stuck",
    what: /still \w+ \d+ ms after its time/,
    rule: ({ kind, body }) =>
      kind === "PUT releases/status" && body.includes('"finishedAt"')
        ? statusAnswer(500, "InternalError")
        : pass,
  },
  {
    name: "a reply is sent three times",
    fault: "doubled",
    what: /said 3 times/,
    rule: async ({ kind, path, body }, { slack }) => {
      if (kind !== "chat.postMessage (thread)") return pass;
      for (const _ of ["second", "third"]) {
        await fetch(`${slack.origin}${path}`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${slack.credentials.botToken}`,
            "content-type": body.startsWith("{")
              ? "application/json; charset=utf-8"
              : "application/x-www-form-urlencoded",
          },
          body,
        });
      }
      return pass;
    },
  },
];
