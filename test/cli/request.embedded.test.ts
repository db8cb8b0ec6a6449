import { embedded } from "../conversation/stage.ts";
import { requestJob } from "./request.ts";

requestJob(embedded);
