import { describe, expect, it } from "vitest";
import { type Dialect, kubernetes, slack } from "./calls.ts";

function kindOf(dialect: Dialect, method: string, target: string, body = ""): string {
  const { pathname, searchParams } = new URL(target, "http://upstream");
  return dialect.kindOf({ method, path: pathname, query: searchParams, body });
}

const records = "/apis/docc.dev/v1alpha1/namespaces/docc";

describe("kinds of calls", () => {
  it.each([
    ["POST", `${records}/releases`, "POST releases"],
    ["PUT", `${records}/releases/web-1/status`, "PUT releases/status"],
    ["PATCH", `${records}/releases/web-1/status`, "PATCH releases/status"],
    ["GET", `${records}/releases/web-1`, "GET releases"],
    ["GET", `${records}/releases`, "LIST releases"],
    ["GET", `${records}/releases?watch=true&resourceVersion=1`, "WATCH releases"],
    [
      "PATCH",
      "/apis/apps/v1/namespaces/web/deployments/a?dryRun=All",
      "PATCH deployments (dry run)",
    ],
    ["DELETE", "/api/v1/namespaces/web/services/a", "DELETE services"],
    ["GET", "/api/v1/namespaces/web/pods/a/log", "GET pods/log"],
    ["GET", "/apis/networking.k8s.io/v1/ingresses", "LIST ingresses"],
    ["GET", "/api/v1/namespaces/web", "GET namespaces"],
    ["PUT", "/apis/coordination.k8s.io/v1/namespaces/docc/leases/docc", "PUT leases"],
    ["GET", "/version", "GET /version"],
  ])("%s %s is %s", (method, target, kind) => {
    expect(kindOf(kubernetes, method, target)).toBe(kind);
  });

  it.each([
    ["/api/chat.postMessage", "channel=C1&text=a", "chat.postMessage"],
    ["/api/chat.postMessage", "channel=C1&thread_ts=1.2", "chat.postMessage (thread)"],
    ["/api/chat.postMessage", '{"channel":"C1","thread_ts":"1.2"}', "chat.postMessage (thread)"],
    ["/api/chat.update", "ts=1.2", "chat.update"],
    ["/respond/R1", "{}", "POST respond"],
  ])("%s with %s is %s", (target, body, kind) => {
    expect(kindOf(slack, "POST", target, body)).toBe(kind);
  });

  it("tells acknowledgements from other frames", () => {
    expect(kindOf(slack, "FRAME", "/link", '{"envelope_id":"1","payload":{}}')).toBe("ack");
    expect(kindOf(slack, "FRAME", "/link", "ping")).toBe("frame");
  });
});
