/** One problem with one field of a body, in Discord's words. */
export interface FieldError {
  /** The field, such as `data.content` or `0.options.1.name`. Empty for the body as a whole. */
  path: string;
  code: string;
  message: string;
}

/** An error of Discord's REST API: an HTTP status and a body of `{code, message, errors?}`. */
export class DiscordError extends Error {
  override readonly name = "DiscordError";
  readonly status: number;
  readonly code: number;
  readonly fields: readonly FieldError[];
  constructor(status: number, code: number, message: string, fields: readonly FieldError[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** Returns the body. Field errors form a tree of keys and array indexes, with `_errors` as the leaves. */
  toJSON(): { message: string; code: number; errors?: object } {
    if (this.fields.length === 0) return { message: this.message, code: this.code };
    const errors: Record<string, unknown> = {};
    for (const { path, code, message } of this.fields) {
      let node = errors;
      for (const key of path === "" ? [] : path.split(".")) node = (node[key] ??= {}) as Record<string, unknown>;
      ((node["_errors"] ??= []) as object[]).push({ code, message });
    }
    return { message: this.message, code: this.code, errors };
  }
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes */
export const discordErrors = {
  unauthorized: () => new DiscordError(401, 0, "401: Unauthorized"),
  notFound: () => new DiscordError(404, 0, "404: Not Found"),
  /** With a reason, when it is the interaction that names none: a request names its channel in its path. */
  unknownChannel: (reason?: string) =>
    new DiscordError(
      404,
      10_003,
      "Unknown Channel",
      reason === undefined ? [] : [{ path: "channel_id", code: "UNKNOWN_CHANNEL", message: reason }],
    ),
  unknownGuild: () => new DiscordError(404, 10_004, "Unknown Guild"),
  unknownMember: () => new DiscordError(404, 10_007, "Unknown Member"),
  unknownMessage: () => new DiscordError(404, 10_008, "Unknown Message"),
  unknownRole: () => new DiscordError(404, 10_011, "Unknown Role"),
  unknownUser: () => new DiscordError(404, 10_013, "Unknown User"),
  unknownWebhook: () => new DiscordError(404, 10_015, "Unknown Webhook"),
  unknownInteraction: () => new DiscordError(404, 10_062, "Unknown interaction"),
  unknownCommand: () => new DiscordError(404, 10_063, "Unknown application command"),
  entryPoint: () =>
    new DiscordError(400, 50_240, "You cannot remove this app's Entry Point command in a bulk update operation."),
  tooManyCommands: (limit: number) =>
    new DiscordError(400, 30_032, `Maximum number of application commands reached (${limit}).`),
  nameTaken: () => new DiscordError(400, 40_041, "An application command with that name already exists"),
  tooLarge: () => new DiscordError(413, 40_005, "Request entity too large"),
  alreadyAcknowledged: () => new DiscordError(400, 40_060, "Interaction has already been acknowledged."),
  notYours: () => new DiscordError(403, 50_005, "Cannot edit a message authored by another user"),
  unreadableReply: () => new DiscordError(403, 160_002, "Cannot reply without permission to read message history"),
  missingPermissions: () => new DiscordError(403, 50_013, "Missing Permissions"),
  missingAccess: () => new DiscordError(403, 50_001, "Missing Access"),
  emptyMessage: () => new DiscordError(400, 50_006, "Cannot send an empty message"),
  invalidToken: () => new DiscordError(401, 50_027, "Invalid Webhook Token"),
  invalidForm: (...fields: FieldError[]) => new DiscordError(400, 50_035, "Invalid Form Body", fields),
  invalidJson: () => new DiscordError(400, 50_109, "The request body contains invalid JSON."),
};

export const required = (path: string): FieldError => ({
  path,
  code: "BASE_TYPE_REQUIRED",
  message: "This field is required",
});

export const tooLong = (path: string, max: number): FieldError => ({
  path,
  code: "BASE_TYPE_MAX_LENGTH",
  message: `Must be ${max} or fewer in length.`,
});

export const badLength = (path: string, min: number, max: number): FieldError => ({
  path,
  code: "BASE_TYPE_BAD_LENGTH",
  message: `Must be between ${min} and ${max} in length.`,
});

export const badChoice = (path: string, choices: readonly (string | number)[]): FieldError => ({
  path,
  code: "BASE_TYPE_CHOICES",
  message: `Value must be one of {${choices.join(", ")}}.`,
});
