import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { installDocc } from "../../sandbox/install.ts";
import type { AuditRecord } from "../../src/audit/record.ts";
import { type Segment, segmentName } from "../../src/audit/segment.ts";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { type AuditStore, createAuditStore } from "../../src/k8s/audit-store.ts";
import { connect, type Connection } from "../../src/k8s/connection.ts";
import { auditSegments, namespaces } from "../../src/k8s/kinds.ts";
import { chainOf, record } from "../audit/records.ts";

/** `docc audit` as a process of its own, against an API server. */
export function auditSuite(kubeconfigOf: () => Promise<string>): void {
  let kubeconfig = "";
  let connection: Connection;
  let api: KubeApi;
  let store: AuditStore;
  const namespace = `audit-${randomUUID().slice(0, 8)}`;
  const by = (user: string): Partial<AuditRecord> => ({
    who: { provider: "slack", team: "T0TEAM", user },
  });
  const chain = chainOf([
    [record("a", { app: "shop", environment: "production", words: ["tag=2018"] })],
    [
      record("b", {
        ...by("UAPPROVER"),
        time: "2017-12-06T09:01:00.000Z",
        word: "reject",
        app: "shop",
        reason: "not today",
      }),
      record("c", {
        ...by("UGUEST"),
        time: "2017-12-06T09:02:00.000Z",
        word: "list",
        outcome: "not-allowed",
      }),
    ],
    [record("d", { time: "2017-12-06T09:03:00.000Z", app: "web" })],
  ]) as readonly [Segment, Segment, Segment];
  const [, second, last] = chain;

  beforeAll(async () => {
    kubeconfig = await kubeconfigOf();
    connection = connect({ kubeconfigPath: kubeconfig, clock: systemClock });
    api = createApi(connection);
    await installDocc(api, { namespaces: [namespace], clock: systemClock });
    store = createAuditStore(api, namespace);
    for (const segment of chain) await store.createSegment(segment);
    await store.createRecord(record("e", { time: "2017-12-06T09:04:00.000Z", word: "show" }));
  }, 60_000);
  afterAll(async () => {
    await api.delete(namespaces, { name: namespace });
    await connection.close();
  });

  const docc = async (...words: readonly string[]) => {
    const place = words.some((word) => word.startsWith("--namespace"))
      ? ""
      : `--namespace=${namespace}`;
    const argv = ["src/cli/bin.ts", "audit", ...words, ...(place === "" ? [] : [place])];
    const child = spawn(process.execPath, argv, {
      env: { PATH: process.env["PATH"] ?? "", KUBECONFIG: kubeconfig },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await closed, stdout, stderr };
  };
  /** As an administrator can: deletes a segment, and puts another one in its place. */
  const replace = async (number: number, other?: Segment): Promise<void> => {
    await api.delete(auditSegments, { namespace, name: segmentName(number) });
    if (other !== undefined) await store.createSegment(other);
  };

  describe("docc audit", { timeout: 30_000 }, () => {
    it("shows what was done, sealed or not, newest first", async () => {
      expect(await docc()).toEqual({
        status: 0,
        stderr: "",
        stdout: [
          "WHEN                 WHO               OUTCOME      WHAT",
          "2017-12-06 09:04:00  slack:UDEVELOPER  ok           show",
          "2017-12-06 09:03:00  slack:UDEVELOPER  ok           deploy web",
          "2017-12-06 09:02:00  slack:UGUEST      not-allowed  list",
          '2017-12-06 09:01:00  slack:UAPPROVER   ok           reject shop: "not today"',
          "2017-12-06 09:00:00  slack:UDEVELOPER  ok           deploy shop in production tag=2018",
          "",
        ].join("\n"),
      });
    });

    it("chooses by app, person and time, and prints JSON", async () => {
      const { stdout } = await docc("shop", "by=uapprover", "since=2017-12-06", "--json");
      expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ name: "b", word: "reject" })]);
      expect(await docc("nothing")).toEqual({
        status: 0,
        stdout: "",
        stderr: "docc: The audit log has no such records.\n",
      });
    });

    it("prints data in JSON and in YAML, without what a terminal would obey", async () => {
      const forged = record("f", {
        time: "2017-12-06T09:05:00.000Z",
        ...by("UODD"),
        reason: "not\u001b[2J now\u202e",
      });
      await store.createRecord(forged);
      const [json, same, yaml] = [
        await docc("by=uodd", "-o", "json"),
        await docc("by=uodd", "--json"),
        await docc("by=uodd", "-o=yaml"),
      ];
      expect(JSON.parse(json.stdout)).toEqual([forged]);
      expect(same).toEqual(json);
      expect(parse(yaml.stdout)).toEqual([forged]);
      for (const odd of ["\u001b", "\u202e"]) expect(json.stdout).not.toContain(odd);
      expect(yaml.stdout).not.toContain("\u001b");
    });

    it.each([
      [["--json", "-o", "yaml"], "--json and -o yaml say two things."],
      [["--head", last.hash], "--head goes with --verify."],
      [["--verify", "shop"], 'The word "shop" is one too many'],
      [["--verify", "--head", "abc"], "--head takes sha256: and 64 hexadecimal digits"],
      [["lines=0"], "lines= takes a whole number from 1 to 10000."],
      [["till=1h"], "audit knows no till=."],
      [["since=later"], 'since= takes no "later".'],
    ])("refuses %j with 2", async (words, message) => {
      const { status, stdout, stderr } = await docc(...words);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toContain(message);
    });
  });

  describe("docc audit --verify", { timeout: 30_000 }, () => {
    it("exits with 0 when the log holds, also to a head that was kept elsewhere", async () => {
      expect(await docc("--verify", "--head", second.hash)).toEqual({
        status: 0,
        stdout: `The audit log holds: 3 segments, 4 records, head ${last.hash}. 2 records not sealed yet.\n`,
        stderr: "",
      });
      const { stdout } = await docc("--verify", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, records: 4, unsealed: 2 });
    });

    it("exits with 1 where there is no log, such as in another namespace", async () => {
      const { status, stdout } = await docc("--verify", "--namespace=default");
      expect({ status, stdout }).toEqual({
        status: 1,
        stdout: "The audit log does not hold. There is no segment: nothing is sealed.\n",
      });
    });

    it("exits with 1 and the place when a sealed record was changed", async () => {
      const [line = "", ...others] = second.records;
      await replace(2, { ...second, records: [line.replace("UAPPROVER", "USOMEBODY"), ...others] });
      expect(await docc("--verify")).toEqual({
        status: 1,
        stdout:
          "The audit log does not hold. Segment 2 was changed: its content has another hash than it says.\n",
        stderr: "",
      });
      await replace(2, second);
      expect((await docc("--verify")).status).toBe(0);
    });

    it("exits with 1 when the end was cut off, given a head", async () => {
      await replace(3);
      expect((await docc("--verify")).status).toBe(0);
      const { status, stdout } = await docc("--verify", "--head", last.hash);
      expect({ status, stdout }).toEqual({
        status: 1,
        stdout: `The audit log does not hold. The head ${last.hash} is not in the log: it ends with segment 2, so it was cut off or rewritten.\n`,
      });
      await store.createSegment(last);
    });

    it("begins behind an archive when it is told so", async () => {
      await replace(1);
      expect((await docc("--verify")).stdout).toContain("Segment 1 is missing");
      const [first] = chain;
      expect((await docc("--verify", "--after", first.hash)).status).toBe(0);
      await store.createSegment(first);
    });
  });
}
