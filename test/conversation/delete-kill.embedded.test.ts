import { deletionKillTest } from "./delete-kill.ts";
import { embeddedLive } from "./stage.ts";

deletionKillTest(embeddedLive);
