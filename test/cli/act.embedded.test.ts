import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, command, say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";
import { boundCommands, type Fate, pass, type Rule, statusAnswer } from "../support/proxy/fates.ts";
import { actJob } from "./act.ts";
import { openTerminal } from "./terminal.ts";

/** What the embedded cluster lacks: admission policies, and more users than one. */
function asThe(user: string): Rule {
  return (call) =>
    call.kind === "POST selfsubjectreviews"
      ? answer(201, { status: { userInfo: { username: user } } })
      : boundCommands(call);
}

function answer(status: number, body: object): Fate {
  const headers = { "content-type": "application/json" };
  return { type: "answer", status, headers, body: JSON.stringify(body) };
}

const proxied = { ...embedded, hasProxies: true };

actJob(proxied, (stage) =>
  Promise.resolve((user) => {
    stage.proxies?.kube.follow(asThe(user));
    return Promise.resolve(stage.cluster.kubeconfig.text ?? "");
  }),
);

describe("commands of a terminal in another installation", { timeout: 120_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ ...proxied, settings: { channel: "CDEPLOYS" } }, "socket");
    await uploadManifest(stage, "1-application.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 60_000);
  afterAll(() => stage.close(), 60_000);
  const docc = async (...argv: readonly string[]) => {
    const terminal = await openTerminal(stage);
    try {
      return await terminal.docc(...argv);
    } finally {
      await terminal.close();
    }
  };

  it("are refused where anybody could take anybody's name", async () => {
    expect(await docc("config")).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "docc: docc cannot tell who asked: deploy/policy must be installed in its cluster, and only Kubernetes users ask this way.\n",
    });
  });

  it("are done once when the answer is not written at first, and tell nobody twice", async () => {
    const bound = asThe("embedded-admin");
    let weighed = 0;
    let written = 0;
    stage.proxies?.kube.follow((call) => {
      if (call.kind === "POST commands (dry run)") weighed += 1;
      if (call.kind === "PUT commands/status") written += 1;
      return call.kind === "PUT commands/status" && written < 2
        ? statusAnswer(500, "InternalError")
        : bound(call);
    });
    expect(await docc("lock", "kubecon-2017", "reason=load test")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Locked kubecon-2017 in production: load test\./u),
    });
    expect({ weighed, written }).toEqual({ weighed: 1, written: 2 });
    const heard = () =>
      stage.roots().filter((each) => stage.read(each).includes("is locked by embedded-admin"));
    await stage.until("the channel hears of it", () => (heard().length > 0 ? true : undefined));
    const log = stage.slack.render(await answerTo(stage, "/docc audit lines=50"));
    expect(log.match(/embedded-admin.*lock/gu)).toHaveLength(1);
    expect(heard()).toHaveLength(1);
    expect(await docc("unlock", "kubecon-2017")).toMatchObject({ status: 0 });
  });

  it("are answered when what was stored is not said to be, and the cluster is away for a moment", async () => {
    const bound = asThe("embedded-admin");
    let away = 3;
    const lost: string[] = [];
    stage.proxies?.kube.follow((call) => {
      if (call.kind === "POST commands") {
        lost.push(call.kind);
        return { type: "lose", how: "reset" };
      }
      const isLook = lost.length > 0 && /\/commands\/command-/u.test(call.path);
      if (call.kind === "GET commands" && isLook && lost.length < away) {
        lost.push(call.kind);
        return statusAnswer(503, "ServiceUnavailable");
      }
      return bound(call);
    });
    const { status, stdout } = await docc("lock", "kubecon-2017", "reason=load test");
    expect(stdout).toMatch(/^Locked kubecon-2017 in production: load test\./u);
    expect(status).toBe(0);
    expect(lost.filter((kind) => kind === "POST commands")).toHaveLength(1);
    away = 0;
    expect(await docc("unlock", "kubecon-2017")).toMatchObject({ status: 0 });
    expect(lost.filter((kind) => kind === "POST commands")).toHaveLength(2);
  });

  it("are not said to be wrong, nor refused, where nobody can tell what came of them", async () => {
    const bound = asThe("embedded-admin");
    stage.proxies?.kube.follow((call) =>
      call.kind === "GET commands" && /\/commands\/command-/u.test(call.path)
        ? statusAnswer(403, "Forbidden")
        : bound(call),
    );
    const said =
      /docc's answer cannot be read now; the command is stored, and done if docc comes to it within 10 minutes\. Look later: kubectl get commands command-\S+ -n \S+\n$/u;
    for (const words of [["config"], ["validate", "kubecon-2017"]]) {
      const { status, stdout, stderr } = await docc(...words);
      expect(stderr).toMatch(said);
      expect({ status, stdout }).toEqual({ status: 9, stdout: "" });
    }
  });

  it("are none in one from before there were any, which starts and works as before", async () => {
    // Whoever installs looks whether the kind is served by a list of one.
    stage.proxies?.kube.follow(({ path, query }) =>
      path.endsWith("/commands") && query.get("limit") !== "1"
        ? statusAnswer(404, "NotFound")
        : pass,
    );
    await stage.restart({});
    const none =
      "docc: This installation of docc takes no commands from a terminal yet. An operator can mend that with kubectl apply --server-side -k deploy.\n";
    expect(await docc("config")).toEqual({ status: 2, stdout: "", stderr: none });
    expect(await docc("list")).toMatchObject({ status: 0 });
    await command(stage, "/docc restart kubecon-2017");
    expect(say(await stage.ended(2))).toBe("succeeded");
    const asked = (stage.proxies?.kube.calls ?? []).map(({ kind }) => kind);
    expect(asked).toContain("LIST commands");
  });
});
