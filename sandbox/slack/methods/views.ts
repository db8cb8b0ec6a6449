import { ApiError, refusalError } from "../api-error.ts";
import type { Args } from "../args.ts";
import { missing } from "../args.ts";
import type { Core, Methods } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { tiers } from "../tiers.ts";
import { refuseView } from "../validate.ts";
import { viewJson } from "../wire.ts";

function viewOf(args: Args, type: "modal" | "home"): JsonObject {
  const view = args.object("view", "invalid_arguments");
  if (view === undefined) {
    throw missing("view");
  }
  const refusal = refuseView(view, type);
  if (refusal !== undefined) {
    throw refusalError(refusal);
  }
  return view;
}

/** Opens or pushes: the view is checked first, so that a refused one does not spend the trigger. */
function show(how: "open" | "push") {
  return (args: Args, core: Core): JsonObject => {
    const raw = viewOf(args, "modal");
    const triggerId = args.required("trigger_id");
    const user = core.triggers.exchange(triggerId);
    const view = core.workspace.views[how](user, raw);
    core.triggers.recordView(triggerId, view.id);
    core.workspace.announce("view", view.id);
    return { view: viewJson(view, core.workspace) };
  };
}

function update(args: Args, core: Core): JsonObject {
  const { views } = core.workspace;
  const id = args.string("view_id");
  const externalId = args.string("external_id");
  const old =
    id === undefined
      ? externalId === undefined
        ? undefined
        : views.findByExternalId(externalId)
      : views.find(id);
  if (id === undefined && externalId === undefined) {
    throw missing("view_id");
  }
  if (old === undefined) {
    throw new ApiError("not_found");
  }
  const view = views.update(old.id, viewOf(args, old.type), args.string("hash"));
  return { view: viewJson(view, core.workspace) };
}

function publish(args: Args, core: Core): JsonObject {
  const user = args.required("user_id");
  if (!core.homeTab) {
    throw new ApiError("not_enabled");
  }
  if (core.workspace.user(user) === undefined) {
    throw new ApiError("invalid_arguments", {
      response_metadata: { messages: ["[ERROR] invalid `user_id` [json-pointer:/user_id]"] },
    });
  }
  const view = core.workspace.views.publish(user, viewOf(args, "home"), args.string("hash"));
  return { view: viewJson(view, core.workspace) };
}

const anyBot = { token: "bot", scopes: [], tier: tiers.t4 } as const;

export const viewMethods: Methods = {
  "views.open": { ...anyBot, run: show("open") },
  "views.push": { ...anyBot, run: show("push") },
  "views.update": { ...anyBot, run: update },
  "views.publish": { ...anyBot, run: publish },
};
