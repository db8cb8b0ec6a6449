import { copyFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { applications } from "../../../src/k8s/kinds.ts";
import { applicationName } from "../../../src/release/names.ts";
import { openStage, type Stage, type Target } from "../../conversation/stage.ts";
import { describeWithShell, openDesk, type Shell, shells } from "./shells.ts";

/** What a shell offers of docc's records, by a kubeconfig. */
export function namesJob(target: Target): void {
  for (const shell of shells) namesIn(shell, target);
}

function namesIn(shell: Shell, target: Target): void {
  describeWithShell(`Names of the ${target.name} in ${shell.name}`, shell, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "none");
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
      const source = new URL("../../../src/cli/bin.ts", import.meta.url).pathname;
      const program = `${process.execPath} ${source} "$@"`;
      const desk = await openDesk(shell, `KUBECONFIG="$HOME/config" ${program}`);
      const { path: file, text = "" } = stage.cluster.kubeconfig;
      const config = path.join(desk.home, "config");
      await (file === undefined ? writeFile(config, text) : copyFile(file, config));
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
