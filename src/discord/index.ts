export type { ChatInputCommand } from "./command.ts";
export { type EndpointOptions, receiveInteraction } from "./endpoint.ts";
export { ephemeral, messageCallback, type Reply } from "./reply.ts";
export { createRouter, type Router, type RouterOptions } from "./router.ts";
export type { KeyRing } from "./verify.ts";
