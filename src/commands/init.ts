import { defineCommand } from "./define.ts";
import { environmentFor } from "./environment.ts";
import { adoption, takeOver } from "./starting/adoption.ts";
import { initArguments, refuseBesideFrom, saidIn } from "./starting/arguments.ts";
import { questions } from "./starting/questions.ts";
import { starter } from "./starting/starter.ts";

export const init = defineCommand({
  name: "init",
  summary:
    "Write the first manifest of an app by a form, or that of a Deployment that runs already",
  needs: "deploy",
  who: "Everybody may have a manifest written. `from=` reads what docc need not have made, so it is for the environment's `deployers`. A take-over is planned and applied as a `deploy` is, and always waits for a yes to its plan: of approvers where `approval` asks for it, else of who asked.",
  // The form opens at once, a take-over is stored, and the cluster takes its time.
  answers: ({ from, adopt }) => (from === undefined || adopt !== undefined ? "ack" : "later"),
  positional: ["app"],
  args: initArguments,
  examples: [
    "init",
    "init shop image=registry.example.com/team/shop:1.0 port=8080 scheme=https",
    "init worker image=registry.example.com/team/worker:1.0 write=true",
    "init from=deployment/shop in=production",
  ],
  run: async (args, request, ports) => {
    const environment = environmentFor(args.in, request, ports);
    const said = saidIn(args);
    const { user } = request.requester;
    const { adopt, from } = args;
    if (from !== undefined) {
      refuseBesideFrom(args, `/docc init from=deployment/NAME in=${environment.name}`);
      const { maintainer = user } = said;
      const wish = { from, maintainer };
      return adopt === undefined
        ? adoption(wish, request, environment, ports)
        : takeOver({ ...wish, seen: adopt }, request, environment, ports);
    }
    return args.write === undefined
      ? questions(said, environment, user)
      : starter(said, user, environment, ports);
  },
});
