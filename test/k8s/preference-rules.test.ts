import { beforeAll, describe, expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";
import { rulesOf } from "./crd-rules.ts";

const whose = "whose preferences they are never changes";
const named = "preferences are named by whose they are";
const ownNotify = "how somebody is notified is a person's own";
const ids = "a person's id begins with U or W, a channel's with C or G";

const person = { kind: "person", team: "T0DOCC", id: "UDEVELOPER" };
const channel = { kind: "channel", team: "T0DOCC", id: "CDEPLOYS" };

function preference(name: string, spec: object): string {
  const metadata = { name };
  return JSON.stringify({ apiVersion: "docc.dev/v1alpha1", kind: "Preference", metadata, spec });
}

const mine = preference("person.t0docc.udeveloper", { subject: person, environment: "demo" });

/** Objects that nobody may create, and what the API server says first. */
const creations: readonly (readonly [what: string, name: string, spec: object, said: string])[] = [
  ["under another person's name", "person.t0docc.uother", { subject: person }, named],
  ["under a channel's name", "channel.t0docc.udeveloper", { subject: person }, named],
  [
    "of another team under this one's name",
    "person.t0docc.udeveloper",
    { subject: { ...person, team: "T0OTHER" } },
    named,
  ],
  [
    "for a channel that is to be called",
    "channel.t0docc.cdeploys",
    { subject: channel, notify: "dm" },
    ownNotify,
  ],
  [
    "of a person with a channel's id",
    "person.t0docc.cdeploys",
    { subject: { ...channel, kind: "person" } },
    ids,
  ],
  [
    "of a channel with a person's id",
    "channel.t0docc.udeveloper",
    { subject: { ...person, kind: "channel" } },
    ids,
  ],
  ["of nobody", "person.t0docc.udeveloper", { environment: "demo" }, "spec.subject"],
  [
    "of somebody in small letters",
    "person.t0docc.udeveloper",
    { subject: { ...person, id: "Udeveloper" } },
    "spec.subject.id",
  ],
  [
    "of somebody without end",
    `person.t0docc.u${"x".repeat(30)}`,
    { subject: { ...person, id: `U${"X".repeat(30)}` } },
    "spec.subject.id",
  ],
  [
    "of a third kind",
    "team.t0docc.udeveloper",
    { subject: { ...person, kind: "team" } },
    "spec.subject.kind",
  ],
  [
    "with a way to notify that is none",
    "person.t0docc.udeveloper",
    { subject: person, notify: "shout" },
    "spec.notify",
  ],
  [
    "with no environment in words",
    "person.t0docc.udeveloper",
    { subject: person, environment: "" },
    "spec.environment",
  ],
  [
    "with an environment without end",
    "person.t0docc.udeveloper",
    { subject: person, environment: "e".repeat(64) },
    "spec.environment",
  ],
  [
    "with a quiet that is a word",
    "person.t0docc.udeveloper",
    { subject: person, quiet: "on" },
    "spec.quiet",
  ],
];

/** What nobody may make of an object that is there. */
const changes: readonly (readonly [what: string, patch: object, said: string])[] = [
  ["somebody else's", { spec: { subject: { id: "UOTHER" } } }, whose],
  ["another team's", { spec: { subject: { team: "T0OTHER" } } }, whose],
  ["a channel's", { spec: { subject: channel } }, whose],
];

describe("the attacks on the Preference CRD", () => {
  it("leave no rule out", () => {
    const attacked = [...creations, ...changes].map((attack) => attack.at(-1));
    const rules = rulesOf("preferences.docc.dev");
    expect(rules).toEqual([ids, ownNotify, named, whose].toSorted());
    expect(rules.filter((rule) => !attacked.includes(rule))).toEqual([]);
  });
});

/** Attacks with an administrator's kubectl: docc's rights are fewer. */
describeOnRealCluster("on the real control plane", (cluster) => {
  const namespaces = namespacesOf(cluster);
  let inside: InNamespace;
  beforeAll(async () => {
    inside = await namespaces.create();
    await inside.ok(["create", "-f", "-"], mine);
  });

  it.each(creations)("nobody keeps preferences %s", async (_what, name, spec, said) => {
    await expect(inside.ok(["create", "-f", "-"], preference(name, spec))).rejects.toThrow(said);
  });

  it.each(changes)("they never become %s", async (_what, patch, said) => {
    const how = ["person.t0docc.udeveloper", "--type=merge", "-p", JSON.stringify(patch)];
    const { code, stderr } = await inside.try(["patch", "preferences.docc.dev", ...how]);
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stderr).toContain(said);
  });

  it("change in all that is preferred, and show it to kubectl", async () => {
    const patch = { spec: { environment: null, quiet: true, notify: "name" } };
    const how = ["person.t0docc.udeveloper", "--type=merge", "-p", JSON.stringify(patch)];
    await inside.ok(["patch", "preferences.docc.dev", ...how]);
    const quiet = preference("channel.t0docc.cdeploys", { subject: channel, quiet: true });
    await inside.ok(["create", "-f", "-"], quiet);
    const table = await inside.ok(["get", "preferences.docc.dev"]);
    expect(table).toMatch(/^NAME +OF +ID +ENVIRONMENT +QUIET +NOTIFY +AGE$/m);
    expect(table).toMatch(/^person\.t0docc\.udeveloper +person +UDEVELOPER +true +name /m);
    expect(table).toMatch(/^channel\.t0docc\.cdeploys +channel +CDEPLOYS +true /m);
  });
});
