import { deleteSeveralJob } from "./delete-several.ts";
import { embedded } from "./stage.ts";

deleteSeveralJob(embedded);
