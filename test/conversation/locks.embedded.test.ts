import { locksJob } from "./locks.ts";
import { embedded } from "./stage.ts";

locksJob(embedded);
