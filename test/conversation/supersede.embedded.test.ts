import { supersedeJob } from "./supersede.ts";
import { embedded } from "./stage.ts";

supersedeJob(embedded);
