import { badInputsJob } from "./bad-inputs.ts";
import { embedded } from "./stage.ts";

badInputsJob(embedded);
