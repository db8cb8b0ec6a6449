import { refusalError } from "../api-error.ts";
import type { Args } from "../args.ts";
import type { Core, Methods } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { tiers } from "../tiers.ts";
import { refusePostedBlocks } from "../validate.ts";
import { chatMethods } from "./chat.ts";
import { fileMethods } from "./files.ts";
import { historyMethods } from "./history.ts";
import { peopleMethods } from "./people.ts";
import { viewMethods } from "./views.ts";

function authTest(_args: Args, { workspace }: Core): JsonObject {
  const { app, team } = workspace.seed;
  return {
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: workspace.user(app.botUserId)?.name ?? "",
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

function validateBlocks(args: Args): JsonObject {
  const refusal = refusePostedBlocks(args.list("blocks", "invalid_blocks_format") ?? []);
  if (refusal !== undefined) {
    throw refusalError(refusal);
  }
  return {};
}

/** The Web API, as far as it is modelled; any other name is `unknown_method`. */
export const methods: Methods = {
  "api.test": { token: "none", scopes: [], tier: tiers.none, run: () => ({}) },
  "auth.test": { token: "bot", scopes: [], tier: tiers.none, run: authTest },
  "apps.connections.open": {
    token: "app",
    scopes: [],
    tier: tiers.t3,
    run: (_args, core) => ({ url: core.socketUrl() }),
  },
  "blocks.validate": { token: "bot", scopes: [], tier: tiers.t4, run: validateBlocks },
  ...chatMethods,
  ...fileMethods,
  ...historyMethods,
  ...peopleMethods,
  ...viewMethods,
};
