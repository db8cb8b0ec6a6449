import { diffJob } from "./diff.ts";
import { embedded } from "./stage.ts";

diffJob(embedded);
