import { embedded } from "../conversation/stage.ts";
import { requestEndsJob } from "./request-ends.ts";

requestEndsJob(embedded);
