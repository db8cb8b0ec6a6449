import { embedded } from "../conversation/stage.ts";
import { lookJob } from "./look.ts";

lookJob(embedded);
