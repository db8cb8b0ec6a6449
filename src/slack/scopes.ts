/**
 * Every Web API method that the edge calls, with the bot scopes it needs
 * (docs.slack.dev/reference/methods). The app manifest asks for exactly these.
 */
export const scopesByMethod = {
  "auth.test": [],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "conversations.info": ["channels:read", "groups:read"],
  "conversations.open": ["im:write"],
  "files.info": ["files:read"],
  "usergroups.users.list": ["usergroups:read"],
  "users.info": ["users:read"],
  "users.lookupByEmail": ["users:read", "users:read.email"],
  "views.open": [],
  "views.update": [],
} as const satisfies Record<string, readonly string[]>;

/** `commands` is for the slash command and the shortcuts; `files:read` also covers file_input. */
export const scopes: readonly string[] = [
  ...new Set(["commands", ...Object.values(scopesByMethod).flat()]),
].sort();
