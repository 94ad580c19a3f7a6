export { type Clock, systemClock } from "./clock.ts";
export { base64url, isSameSecret, sha256 } from "./crypto.ts";
export { lazy } from "./lazy.ts";
export { readLimited } from "./read-limited.ts";
