import { lastWriteJob } from "./last-write.ts";
import { embeddedLive } from "./stage.ts";

lastWriteJob(embeddedLive);
