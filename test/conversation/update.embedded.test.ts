import { embedded } from "./stage.ts";
import { updateJob } from "./update.ts";

updateJob(embedded);
