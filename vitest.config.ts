import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/cluster/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Conversations mostly wait: two cores have room for three, and the runner would take one file at a time.
    maxWorkers: 3,
    // webernetes ships extensionless imports, which plain Node refuses.
    server: { deps: { inline: ["@ngrok/webernetes"] } },
  },
});
