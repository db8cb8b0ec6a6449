/**
 * Every Web API method that the edge calls, with the bot scopes it needs
 * (docs.slack.dev/reference/methods). The app manifest asks for exactly these.
 */
export const scopesByMethod = {
  "auth.test": [],
  "chat.delete": ["chat:write"],
  "chat.getPermalink": [],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "conversations.info": ["channels:read", "groups:read"],
  "conversations.open": ["im:write"],
  "files.completeUploadExternal": ["files:write"],
  "files.getUploadURLExternal": ["files:write"],
  "files.info": ["files:read"],
  "usergroups.list": ["usergroups:read"],
  "usergroups.users.list": ["usergroups:read"],
  "users.info": ["users:read"],
  "users.lookupByEmail": ["users:read", "users:read.email"],
  "views.open": [],
  "views.publish": [],
  "views.push": [],
  "views.update": [],
} as const satisfies Record<string, readonly string[]>;

/**
 * Methods that docc can do without, each with scopes of which it needs the one of the channel's kind. They
 * only look for messages of docc's own after a post whose answer was lost.
 */
export const optionalScopesByMethod = {
  "conversations.history": ["channels:history", "groups:history"],
  "conversations.replies": ["channels:history", "groups:history"],
} as const satisfies Record<string, readonly string[]>;

export const optionalScopes: readonly string[] = [
  ...new Set(Object.values(optionalScopesByMethod).flat()),
].sort();

/** Events that the app subscribes to, with the scopes that each needs. */
export const scopesByEvent = {
  app_home_opened: [],
  app_mention: ["app_mentions:read"],
} as const satisfies Record<string, readonly string[]>;

/** `commands` is for the slash command and the shortcuts; `files:read` also covers file_input. */
export const scopes: readonly string[] = [
  ...new Set([
    "commands",
    ...Object.values(scopesByEvent).flat(),
    ...Object.values(scopesByMethod).flat(),
  ]),
].sort();
