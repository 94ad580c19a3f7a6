export { type Cloudflare, createCloudflare } from "./create-cloudflare.ts";
