import type { types } from "@slack/bolt";
import type { ReleaseView } from "../../release/story.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { limits } from "../limits.ts";

type Moving = "applying" | "progressing" | "verifying";
type Status = types.TaskCardBlock["status"];

const position: Readonly<Record<Moving, number>> = { applying: 1, progressing: 2, verifying: 3 };

/** The four steps of a deploy as Slack's `plan` block; classic.ts has its plain twin. */
export function steps({ release, progress }: ReleaseView, phase: Moving): types.PlanBlock {
  const ready = progress === undefined ? "" : `: ${progress.ready} of ${progress.wanted} ready`;
  const titles = ["Plan", "Apply", `Roll out${phase === "applying" ? "" : ready}`, "Verify"];
  const to = oneLine(release.status?.plan?.to ?? "");
  return {
    type: "plan",
    title: cap(to === "" ? "Rollout" : `Rollout of ${to}`, limits.taskTitle),
    tasks: titles.map((title, at) => ({
      type: "task_card",
      task_id: `step-${at + 1}`,
      title,
      status: statusAt(at, position[phase]),
    })),
  };
}

function statusAt(step: number, current: number): Status {
  if (step === current) return "in_progress";
  return step < current ? "complete" : "pending";
}
