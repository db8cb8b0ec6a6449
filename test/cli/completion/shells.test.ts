import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bash, type Desk, describeWithShell, fish, openDesk, shells, zsh } from "./shells.ts";

/** A docc that knows two apps. */
const standIn = `case $2 in
  @apps) printf '%s\\n' kubecon-2017 shop ;;
  @environments) printf '%s\\n' production staging ;;
  @undecided) printf '%s\\n' kubecon-2017-0123456789ab ;;
esac`;

describeWithShell("Tab in bash", bash, () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(bash, standIn);
  });
  afterAll(() => desk.close());

  it.each([
    ["docc dep", "deploy"],
    ["docc re", "render restart reject"],
    ["docc --", "--help --version"],
    ["docc help exit", "exit-codes"],
    ["docc completion ", "bash zsh fish"],
    ["docc deploy --w", "--wait"],
    ["docc deploy -o ", "table json yaml"],
    ["docc deploy --output=y", "yaml"],
    ["docc deploy --output=json --o", ""],
    ["docc deploy ku", "kubecon-2017"],
    ["docc deploy shop in=", "production staging"],
    ["docc deploy shop from=staging in=p", "production"],
    ["docc deploy shop in=staging i", ""],
    ["docc deploy shop em", "emergency="],
    ["docc update shop p", "pause"],
    ["docc update shop pause en", "env."],
    ["docc show shop as=", "json yaml"],
    ["docc init scheme=", "none http https tls"],
    ["docc approve kubecon-2017-", "kubecon-2017-0123456789ab"],
    ["docc list ", "in= maintainer= team= health= page="],
    ["docc schema ", ""],
    ["docc nothing ", ""],
  ])("after %j offers %j", async (line, offered) => {
    expect(await desk.press(line)).toEqual([offered]);
  });
});

describeWithShell("Tab in zsh", zsh, () => {
  it("completes words, options, keys and their values", async () => {
    const desk = await openDesk(zsh, standIn);
    try {
      const lines = {
        "docc dep": "docc deploy ",
        "docc --v": "docc --version ",
        "docc help exit": "docc help exit-codes ",
        "docc completion f": "docc completion fish ",
        "docc deploy --w": "docc deploy --wait ",
        "docc deploy -o j": "docc deploy -o json ",
        "docc deploy --output=y": "docc deploy --output=yaml ",
        "docc deploy ku": "docc deploy kubecon-2017 ",
        "docc deploy shop in=p": "docc deploy shop in=production ",
        "docc deploy shop in=staging em": "docc deploy shop in=staging emergency=",
        "docc update shop pa": "docc update shop pause ",
        "docc update shop pause en": "docc update shop pause env.",
        "docc show shop as=y": "docc show shop as=yaml ",
        "docc approve kubecon-2017-": "docc approve kubecon-2017-0123456789ab ",
        "docc nothing x": "docc nothing x",
      };
      expect(await desk.press(...Object.keys(lines))).toEqual(Object.values(lines));
    } finally {
      await desk.close();
    }
  });
});

describeWithShell("Tab in fish", fish, () => {
  it("offers words, options, keys and their values", async () => {
    const desk = await openDesk(fish, standIn);
    try {
      const lines = {
        "docc dep": "deploy",
        "docc --v": "--version",
        "docc help exit": "exit-codes",
        "docc completion ": "bash fish zsh",
        "docc deploy --w": "--wait",
        "docc deploy -o ": "json table yaml",
        "docc deploy --output=y": "--output=yaml",
        "docc deploy ku": "kubecon-2017",
        "docc deploy shop in=": "in=production in=staging",
        "docc deploy shop in=staging em": "emergency=",
        "docc update shop pa": "pause",
        "docc show shop as=": "as=json as=yaml",
        "docc approve kubecon-2017-": "kubecon-2017-0123456789ab",
      };
      expect(await desk.press(...Object.keys(lines))).toEqual(Object.values(lines));
      expect(await desk.press("docc nothing x")).toEqual([""]);
    } finally {
      await desk.close();
    }
  });
});

for (const shell of shells) {
  describeWithShell(`A script of ${shell.name}`, shell, () => {
    it("asks docc for names alone, and passes on what was typed", async () => {
      const desk = await openDesk(shell, standIn);
      try {
        await desk.press("docc dep", "docc deploy --w", "docc deploy -o j", "docc show x as=y");
        expect(await desk.calls()).toEqual([]);
        await desk.press("docc deploy -n docc-2 --context there in=staging ku");
        const [asked] = new Set(await desk.calls());
        expect(asked).toBe("__complete @apps deploy -n docc-2 --context there in=staging");
      } finally {
        await desk.close();
      }
    });

    it("takes no name for more than a name", async () => {
      const desk = await openDesk(shell, `echo 'x$(touch hacked)'; echo 'x;touch hacked'`);
      try {
        await desk.press("docc deploy x");
        expect(await readdir(desk.home)).not.toContain("hacked");
      } finally {
        await desk.close();
      }
    });

    it("says nothing when docc fails", async () => {
      const desk = await openDesk(shell, "echo trouble >&2; exit 3");
      try {
        const said = await desk.press("docc deploy kub");
        expect(said).toEqual([shell.name === "zsh" ? "docc deploy kub" : ""]);
      } finally {
        await desk.close();
      }
    });
  });
}
