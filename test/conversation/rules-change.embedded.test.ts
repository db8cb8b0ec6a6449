import { rulesChangeJob } from "./rules-change.ts";
import { embedded } from "./stage.ts";

rulesChangeJob(embedded);
