/** What Slack's ids look like; everything else is only a name. */
export const userId = /^[UW][A-Z0-9]{2,20}$/;
export const usergroupId = /^S[A-Z0-9]{2,20}$/;
export const channelId = /^[CG][A-Z0-9]{2,20}$/;
/** An address that can be looked up, and cannot be markup. */
export const email = /^[^\s@<>|]+@[^\s@<>|]+$/;
