import { ownersJob } from "./owners.ts";
import { embedded } from "./stage.ts";

ownersJob(embedded);
