import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { until } from "../support/until.ts";

const main = fileURLToPath(new URL("../../sandbox/main.ts", import.meta.url));

interface Run {
  readonly said: () => string;
  readonly complained: () => string;
  readonly interrupt: () => void;
  readonly code: Promise<number | null>;
}

function start(...options: readonly string[]): Run {
  const child = spawn(process.execPath, [main, ...options]);
  const heard = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (heard.out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (heard.err += chunk));
  return {
    said: () => heard.out,
    complained: () => heard.err,
    interrupt: () => void child.kill("SIGINT"),
    code: once(child, "exit").then(([code]: readonly (number | null)[]) => code ?? null),
  };
}

describe("npm run sandbox", () => {
  it(
    "says what is ready and what to try, serves the page, and stops at Ctrl-C",
    { timeout: 90_000 },
    async () => {
      const run = start("--port", "0");
      await until("the guide", () => run.said().includes("Ctrl-C"), 60_000);
      const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(run.said()) ?? [""];
      expect(await (await fetch(origin)).text()).toContain("<title>docc sandbox</title>");
      run.interrupt();
      expect(await run.code).toBe(0);
      expect(run.complained()).toBe("");
      expect(run.said().replace(origin, "http://127.0.0.1:4100")).toMatchInlineSnapshot(`
        "docc sandbox: no account, no cluster, loopback only
          Slack    emulated: #deploys, 4 people    ready
          cluster  embedded: 3 nodes, empty        ready
          docc     connected                       ready

        Open http://127.0.0.1:4100

        As developer, in #deploys:
          1  /docc deploy        choose examples/4-tls.json
          2  switch to approver  press Approve
          3  /docc deploy kubecon-2017 tag=2018   this one crashes, once it is approved
          4  press Roll back to 2017
          5  /docc deploy kubecon-2017 tag=2081   no such tag

        Real: docc, Bolt, client-node. Emulated: Slack, cluster.
        Ctrl-C stops everything. Next: docs/install.md

        Stopping.
        "
      `);
    },
  );

  it("says so when the port is no port, or taken", { timeout: 90_000 }, async () => {
    const wrong = start("--port", "http");
    expect(await wrong.code).toBe(1);
    expect(wrong.complained()).toBe("sandbox: http is no port\n");

    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const late = start("--port", String(port));
    expect(await late.code).toBe(1);
    expect(late.complained()).toBe("sandbox: this port is taken, choose another\n");
    server.close();
  });
});
