import { killTest } from "./kill.ts";
import { embeddedLive } from "./stage.ts";

killTest(embeddedLive);
