import { type BadManifest, platforms, withLines } from "./fixture.ts";

/** How many copies there are, and how they are released. */
export const badReleases: readonly BadManifest[] = [
  // Scale.
  { what: "a negative scale", text: withLines("scale: -1"), findings: ["out-of-range 4:8 scale"] },
  {
    what: "a scale over the operator's cap",
    text: withLines("scale: 101"),
    findings: ["out-of-range 4:8 scale"],
  },
  {
    what: "an unsafe integer",
    text: withLines("scale: 1e300"),
    findings: ["out-of-range 4:8 scale"],
  },
  {
    what: "a range that starts at 0",
    text: withLines("scale: {min: 0, max: 3}"),
    findings: ["out-of-range 4:14 scale.min"],
    says: ["0 is not a number of copies. Give a whole number, 1 or more."],
  },
  {
    what: "a range whose ends are in the wrong order",
    text: withLines("scale:", "  max: 2", "  min: 5"),
    findings: ["out-of-range 6:8 scale.min"],
    says: ["A min of 5 is more than the max of 2. Swap them, or change one."],
  },
  {
    what: "a range over the operator's cap, at its end",
    text: withLines("scale: {min: 2, max: 101}"),
    findings: ["out-of-range 4:22 scale.max"],
  },
  {
    what: "targets of an autoscaler that are none",
    text: withLines(
      "scale: {min: 1, max: 2, cpu: 0}",
      "environments: {staging: {scale: {cpu: 101}}}",
    ),
    findings: ["out-of-range 4:30 scale.cpu", "out-of-range 5:39 environments.staging.scale.cpu"],
  },
  {
    what: "an unknown key of a range",
    text: withLines("scale: {min: 1, max: 2, memory: 70}"),
    findings: ["unknown-key 4:25 scale.memory"],
  },
  {
    what: "a range where nothing says what cpu a copy asks for",
    text: withLines("scale: {min: 1, max: 2}"),
    platform: platforms.bare,
    findings: ["missing-key 3:15 containers.web.cpu"],
  },

  // Releases.
  ...[
    ["timeout", "9s"],
    ["timeout", "3h"],
    ["timeout", "10 m"],
    ["timeout", "ten minutes"],
    ["timeout", ""],
    ["stable", "2h"],
    ["stable", "-1s"],
    ["stable", "60"],
  ].map(([field = "", value = ""]) => ({
    what: `${field}: "${value}"`,
    text: withLines("deploy:", `  ${field}: "${value}"`),
    findings: [`bad-duration 5:${field.length + 5} deploy.${field}`],
  })),
  {
    what: "an unknown field of how to release",
    text: withLines("deploy: {strategy: recreate}"),
    findings: ["unknown-key 4:10 deploy.strategy"],
    says: ['"strategy" is no key of deploy. The keys are timeout, stable, auto_rollback.'],
  },
];
