import { describe, expect, it } from "vitest";
import { callerNames } from "../../src/cli/caller-names.ts";
import { ownNames } from "../../src/commands/own-names.ts";

describe("maintainer=me in a terminal", () => {
  it("is the address that the cluster knows the caller by, whatever its case", () => {
    const me = callerNames("Ann@corp.example.com");
    expect(["ann@corp.example.com", "UANN", "ben@corp.example.com"].map(ownNames(me))).toEqual([
      true,
      false,
      false,
    ]);
    expect(me.note).toBe(
      "You are Ann@corp.example.com here; apps that name you by a Slack id or another address are not among them.",
    );
  });

  it.each(["oidc:ann@corp.example.com", "https://issuer.example.com#ann@corp.example.com"])(
    "is the address behind what the API server puts before it: %s",
    (user) => expect(callerNames(user).address).toBe("ann@corp.example.com"),
  );

  it.each(["kubernetes-admin", "system:serviceaccount:ci:deployer", "a@b@c", "ann smith@x"])(
    "is nobody where that is %s",
    (user) => {
      expect(() => callerNames(user)).toThrow(
        `The cluster knows you as "${user}", which is no e-mail address.`,
      );
    },
  );
});
