import { twoApprovalsJob } from "./two-approvals.ts";
import { embedded } from "./stage.ts";

twoApprovalsJob(embedded, "10m");
