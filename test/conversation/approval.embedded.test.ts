import { approvalJob } from "./approval.ts";
import { embedded } from "./stage.ts";

approvalJob(embedded);
