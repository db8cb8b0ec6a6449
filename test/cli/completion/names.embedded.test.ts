import { embedded } from "../../conversation/stage.ts";
import { namesJob } from "./names.ts";

namesJob(embedded);
