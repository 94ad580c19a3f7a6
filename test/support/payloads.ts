// Interactions as Discord sends them, for tests inside workerd; whole conversations are had through the simulator.

export const person = {
  id: "1100000000000000011",
  username: "ada",
  discriminator: "0",
  avatar: null,
  global_name: "Ada",
};

const guildId = "1100000000000000100";

let next = 0;
const nextId = () => String(1_200_000_000_000_000_000n + BigInt(++next));

/** What all of them carry, in a server. */
export const envelope = () => ({
  id: nextId(),
  application_id: "1100000000000000001",
  token: `token-${next}`,
  version: 1,
  guild_id: guildId,
  guild: { id: guildId, locale: "en-US", features: [] },
  guild_locale: "en-US",
  channel_id: "1100000000000000111",
  channel: { id: "1100000000000000111", type: 0, name: "general", permissions: "2147483647" },
  member: {
    user: person,
    roles: [],
    joined_at: "2026-01-01T00:00:00Z",
    deaf: false,
    mute: false,
    flags: 0,
    permissions: "2147483647",
  },
  app_permissions: "2147483647",
  locale: "en-US",
  entitlements: [],
  authorizing_integration_owners: { "0": guildId },
  context: 0,
  attachment_size_limit: 10_485_760,
});

/** A slash command. */
export const slash = (name: string, more: object = {}) => ({
  ...envelope(),
  type: 2,
  data: { id: "1200000000000000002", name, type: 1 },
  ...more,
});

/** A slash command with its options. */
export const slashWith = (name: string, options: object[], resolved?: object) =>
  slash(name, { data: { id: "1200000000000000002", name, type: 1, options, ...(resolved && { resolved }) } });

/** A command in the menu of a person or a message. */
export const contextCommand = (type: 2 | 3, name: string, targetId: string, resolved: object) =>
  slash(name, { data: { id: "1200000000000000003", name, type, target_id: targetId, resolved } });

/** A click, or with `data.values` a choice in a menu. */
export const click = (customId: string, data: object = {}, message: object = {}) => ({
  ...envelope(),
  type: 3,
  data: { custom_id: customId, component_type: 2, id: 1, ...data },
  message: { id: "1200000000000000009", channel_id: "1100000000000000111", content: "", flags: 0, ...message },
});

/** A form that was filled in: each value becomes a component of `type` inside its label. */
export const submission = (
  customId: string,
  components: { type: number; custom_id: string; value?: unknown; values?: unknown }[],
  more: object = {},
) => ({
  ...envelope(),
  type: 5,
  data: {
    custom_id: customId,
    components: components.map((component, index) => ({
      type: 18,
      id: 2 * index + 1,
      component: { id: 2 * index + 2, ...component },
    })),
  },
  ...more,
});
