import { lookingJob } from "./looking.ts";
import { embedded } from "./stage.ts";

lookingJob(embedded);
