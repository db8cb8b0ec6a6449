import { defineCommand } from "./define.ts";
import { environmentNamed } from "./environment.ts";
import { initArguments, saidIn } from "./starting/arguments.ts";
import { questions } from "./starting/questions.ts";
import { starter } from "./starting/starter.ts";

export const init = defineCommand({
  name: "init",
  summary: "Write the first manifest of an app by a form; nothing is deployed",
  needs: "read",
  answers: "ack",
  positional: ["app"],
  args: initArguments,
  examples: [
    "init",
    "init shop image=registry.example.com/team/shop:1.0 port=8080 scheme=https",
    "init worker image=registry.example.com/team/worker:1.0 write=true",
  ],
  run: (args, { requester }, ports) => {
    const environment = environmentNamed(ports, args.in);
    const said = saidIn(args);
    return Promise.resolve(
      args.write === undefined
        ? questions(said, environment, requester.user)
        : starter(said, requester.user, environment, ports),
    );
  },
});
