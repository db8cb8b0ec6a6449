import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../../sandbox/clock.ts";
import { defaultSeed } from "../../../sandbox/slack/seed.ts";
import { encodeTyped } from "../../../sandbox/slack/text.ts";
import { Workspace } from "../../../sandbox/slack/workspace.ts";

const workspace = new Workspace(new SteppedClock(), defaultSeed);

describe("what a person types into a slash command", () => {
  const cases: Record<string, string> = {
    "deploy kubecon-2017 tag=2017": "deploy kubecon-2017 tag=2017",
    "a & b < c > d": "a &amp; b &lt; c &gt; d",
    "lock kubecon-2017 owner=@developer": "lock kubecon-2017 owner=<@UDEVELOPER|developer>",
    "tell @kubecon-team": "tell <!subteam^SKUBECON|@kubecon-team>",
    "post in #deploys": "post in <#CDEPLOYS|deploys>",
    "@nobody #nowhere": "@nobody #nowhere",
    "see https://kubecon.example.com/a?b=1&c=2": "see <https://kubecon.example.com/a?b=1&amp;c=2>",
    "image=registry.corp.example.com/demo:2017":
      "image=<http://registry.corp.example.com/demo:2017|registry.corp.example.com/demo:2017>",
    "mail kubecon-team@corp.example.com":
      "mail <mailto:kubecon-team@corp.example.com|kubecon-team@corp.example.com>",
    "examples/4-tls.json 1.2.3": "examples/4-tls.json 1.2.3",
  };
  it.each(Object.entries(cases))("%s", (typed, received) => {
    expect(encodeTyped(typed, workspace, true)).toBe(received);
  });

  it("carries no names in a message", () => {
    expect(encodeTyped("@docc status", workspace, false)).toBe("<@UDOCC> status");
  });
});
