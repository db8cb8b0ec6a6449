import type { Channel, User, Usergroup } from "./types.ts";

/** What a workspace holds when it opens. */
export interface Seed {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: { readonly id: string; readonly botUserId: string; readonly botId: string };
  readonly users: readonly User[];
  readonly usergroups: readonly Usergroup[];
  readonly channels: readonly Channel[];
}

const teamId = "T0DOCC";
const otherTeamId = "T0OTHER";
const botUserId = "UDOCC";

const person = (name: string, more: Partial<User> = {}): User => ({
  id: `U${name.toUpperCase()}`,
  name,
  realName: `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`,
  teamId,
  email: `${name}@corp.example.com`,
  ...more,
});

/**
 * The workspace of the sandbox, of the demo and of most tests. People are roles: each exists for a
 * rule that docc must keep (a guest, someone of another organisation, someone who left).
 */
export const defaultSeed: Seed = {
  team: { id: teamId, name: "corp", domain: "corp" },
  app: { id: "A0DOCC", botUserId, botId: "B0DOCC" },
  users: [
    person("developer"),
    person("approver"),
    person("maintainer", { email: "kubecon-team@corp.example.com" }),
    person("guest", { isGuest: true }),
    person("stranger", { teamId: otherTeamId, email: "stranger@other.example.com" }),
    person("departed", { deleted: true }),
    { id: botUserId, name: "docc", realName: "docc", teamId, isBot: true },
  ],
  usergroups: [
    {
      id: "SKUBECON",
      handle: "kubecon-team",
      name: "KubeCon team",
      users: ["UAPPROVER", "UMAINTAINER"],
    },
  ],
  channels: [
    {
      id: "CDEPLOYS",
      name: "deploys",
      kind: "public",
      members: ["UDEVELOPER", "UAPPROVER", "UMAINTAINER", "UGUEST", botUserId],
    },
    {
      id: "CRANDOM",
      name: "random",
      kind: "public",
      members: ["UDEVELOPER", "UAPPROVER", "UMAINTAINER"],
    },
    {
      id: "CSECRET",
      name: "secret",
      kind: "private",
      members: ["UDEVELOPER", "UMAINTAINER"],
    },
    {
      id: "CPARTNERS",
      name: "partners",
      kind: "public",
      members: ["UDEVELOPER", "USTRANGER", botUserId],
      isShared: true,
    },
  ],
};
