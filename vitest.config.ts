import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/cluster/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Conversations mostly wait: with three at a time two cores idle for a third, and the runner would take one.
    maxWorkers: 4,
    // webernetes ships extensionless imports, which plain Node refuses.
    server: { deps: { inline: ["@ngrok/webernetes"] } },
  },
});
