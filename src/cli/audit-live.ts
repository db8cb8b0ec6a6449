import { createHash } from "node:crypto";
import type { AuditQuery } from "../audit/query.ts";
import { begin, finish, follow, type Verdict, type VerifyOptions } from "../audit/verify.ts";
import { systemClock } from "../clock.ts";
import type { AuditPage } from "../commands/ports.ts";
import { createApi } from "../k8s/api.ts";
import { createAuditReader } from "../k8s/audit-reader.ts";
import { createAuditStore } from "../k8s/audit-store.ts";
import { connect } from "../k8s/connection.ts";

const timeoutMs = 30_000;
const mostWaiting = 100_000;

/** The audit log as the kubeconfig of who calls may see it. */
export interface LiveLog {
  read(query: AuditQuery): Promise<AuditPage>;
  verify(marks: Omit<VerifyOptions, "hash">): Promise<Verdict>;
  close(): Promise<void>;
}

/** @param namespace docc's own */
export function openLog(namespace: string, context: string | undefined): LiveLog {
  const connection = connect({
    ofUser: true,
    clock: systemClock,
    requestTimeoutMs: timeoutMs,
    ...(context === undefined ? {} : { context }),
  });
  const store = createAuditStore(createApi(connection), namespace);
  return {
    read: createAuditReader(store),
    verify: async (marks) => {
      const options = { ...marks, hash: sha256 };
      // First what waits: a record that is sealed meanwhile is then found twice rather than never.
      const waiting = await store.waiting(mostWaiting);
      let progress = begin(options);
      for await (const segment of store.segments()) progress = follow(progress, segment, options);
      const records = waiting.map(({ record }) => record);
      return finish(progress, records, options);
    },
    close: () => connection.close(),
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
