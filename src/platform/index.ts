export { type BoundedMap, createBoundedMap } from "./bounded-map.ts";
export { type Clock, systemClock } from "./clock.ts";
export { isSameSecret, sha256 } from "./crypto.ts";
export { base64url, fromBase64, fromHex, toBase64, toHex } from "./encoding.ts";
export { lazy } from "./lazy.ts";
export { isNestedDeeperThan } from "./nesting.ts";
export { path } from "./path.ts";
export { readLimited } from "./read-limited.ts";
