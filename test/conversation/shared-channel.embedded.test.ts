import { sharedChannelJob } from "./shared-channel.ts";
import { embedded } from "./stage.ts";

sharedChannelJob(embedded);
