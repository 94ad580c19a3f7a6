/** Returns whether a value is an id of Discord's: a text of 1 to 20 digits. */
export const isSnowflake = (value: unknown): value is string => typeof value === "string" && /^\d{1,20}$/.test(value);
