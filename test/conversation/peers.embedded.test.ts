import { peersJob } from "./peers.ts";
import { embeddedLive } from "./stage.ts";

peersJob(embeddedLive);
