import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { applications } from "../../../src/k8s/kinds.ts";
import { applicationName } from "../../../src/release/names.ts";
import { embedded, openStage, type Stage } from "../../conversation/stage.ts";
import { describeWithShell, openDesk, shells } from "./shells.ts";

for (const shell of shells) {
  describeWithShell(`Names of the cluster in ${shell.name}`, shell, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(embedded, "none");
      for (const [app, environment] of [
        ["kubecon-2017", "production"],
        ["shop", "staging"],
      ] as const) {
        const metadata = { name: applicationName(app, environment), namespace: stage.home };
        await stage.world.api.create(applications, { metadata, spec: { app, environment } });
      }
    }, 60_000);
    afterAll(() => stage.close());

    it("come from docc's records, by the very docc", async () => {
      const source = new URL("../../../src/cli/main.ts", import.meta.url).pathname;
      const program = `${process.execPath} ${source} "$@"`;
      const desk = await openDesk(shell, `KUBECONFIG="$HOME/config" ${program}`);
      await writeFile(path.join(desk.home, "config"), stage.cluster.kubeconfig.text ?? "");
      const place = `-n ${stage.home}`;
      try {
        const said = await desk.press(
          `docc status ${place} ku`,
          `docc status ${place} in=st`,
          `docc history ${place} in=staging s`,
          `docc history ${place} in=staging k`,
        );
        expect(said).toEqual(
          {
            bash: ["kubecon-2017", "staging", "shop", ""],
            zsh: [
              `docc status ${place} kubecon-2017 `,
              `docc status ${place} in=staging `,
              `docc history ${place} in=staging shop `,
              `docc history ${place} in=staging k`,
            ],
            fish: ["kubecon-2017", "in=staging", "shop", ""],
          }[shell.name],
        );
      } finally {
        await desk.close();
      }
    });
  });
}
