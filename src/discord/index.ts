export {
  type Answer,
  type Callback,
  ephemeral,
  type FileUpload,
  launchActivity,
  type Message,
  type Outgoing,
  type Reply,
  showModal,
  toCallback,
  updateMessage,
} from "./answer.ts";
export * from "./components.ts";
export {
  buttonStyle,
  channelType,
  commandContext,
  componentType,
  installation,
  interactionType,
  messageFlags,
} from "./constants.ts";
export { type CustomId, customId } from "./custom-id.ts";
export type { Command } from "./declare/command.ts";
export { type CommandBody, commandBody } from "./declare/command-body.ts";
export { DeclarationError } from "./declare/errors.ts";
export { createKit } from "./declare/kit.ts";
export type {
  ComponentKind,
  ComponentValues,
  ModalField,
  ModalFields,
  ModalValues,
} from "./declare/values.ts";
export type { Attachment, Channel, Mentionable, Person } from "./entities.ts";
export { createDispatch, type EventStore } from "./events/dispatch.ts";
export type { WebhookEvent, WebhookEventHandler } from "./events/event.ts";
export type { Cooldown, CooldownScope, CooldownStore, CooldownUse } from "./guards/cooldown.ts";
export {
  botNeedsPermissions,
  type EnsuredBy,
  type Guard,
  guildOnly,
  needsPermissions,
  ownerOnly,
} from "./guards/guard.ts";
export type { AutocompleteInteraction, BaseInteraction, InGuild, RawInteraction } from "./interaction/base.ts";
export { Interaction } from "./interaction/interaction.ts";
export { hasPermissions, type PermissionName, permissionBits } from "./permissions.ts";
export { receiveEvent } from "./receive/events.ts";
export { type EndpointOptions, receiveInteraction } from "./receive/interactions.ts";
export type { KeyRing } from "./receive/verify.ts";
export type { AnswerStore, Claim } from "./router/answer-store.ts";
export { checkHandlers } from "./router/check-handlers.ts";
export { asksGuards, guarded } from "./router/guarded.ts";
export type { Done, Stage } from "./router/hooks.ts";
export { createRouter, type Router, type RouterOptions } from "./router/router.ts";
export type { RouterServices } from "./router/services.ts";
export { callablesOf, commandsOf, type Declared } from "./router/table.ts";
export { createRest, type DiscordRest, type RestAttempt, type RestOptions } from "./send/client.ts";
export { DiscordApiError, DiscordRateLimitError, DiscordUnreachableError, isForbidden } from "./send/errors.ts";
export { createRestState, type RestState } from "./send/limits.ts";
export { createInteractionWebhook, InteractionOverError, type InteractionWebhook } from "./send/webhook.ts";
export { asWritten, cut, escapeMarkdown, fitLines, isUpTo } from "./text.ts";
