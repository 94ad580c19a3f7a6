import { expect, it } from "vitest";
import {
  address,
  among,
  atLeast,
  button,
  componentId,
  embed,
  flag,
  idText,
  inV2,
  listed,
  many,
  ofMessage,
  poll,
  type Rule,
  rowOf,
  select,
  shown,
  text,
  whole,
  words,
} from "./support.ts";

// Every field of a message: what it takes at its bounds, and by which path and code it refuses what is over them.

const saying = (more: object) => ({ content: "x", ...more });
const mentions = (more: object) => saying({ allowed_mentions: more });
const attached = (more: object) => saying({ attachments: [{ id: "1", ...more }] });
const picture = (more: object = {}) => ({ media: { url: "https://x.test/a.png" }, ...more });
const gallery = (more: object) => inV2({ type: 12, items: [picture(more)] });
/** A message whose one file is what `attachment://x.test/a` shows. */
const withFile = (body: object) => ({ ...body, attachments: [{ id: "1", filename: "x.test/a" }] });
const choice = (more: object) => rowOf(select({ options: [{ label: "A", value: "a", ...more }] }));
const people = (more: object) => rowOf({ type: 5, custom_id: "u", ...more });
const kinds = ["users", "roles", "everyone"];
const twice = "SET_TYPE_ALREADY_CONTAINS_VALUE";
const [row, part] = ["components.0.components.0", "components.0"];

it.each<[path: string, Rule, (value: unknown) => unknown]>([
  ["content", words(0, 2_000), (content) => ({ content, ...poll() })],
  ["tts", flag, (tts) => saying({ tts })],
  ["flags", { takes: [0, 4, 64, 4_096, undefined, null], refuses: atLeast(0).refuses }, (flags) => saying({ flags })],
  ["flags", among([], [1, 2, 8, 128], "MESSAGE_FLAGS_INVALID"), (flags) => saying({ flags })],
  ["sticker_ids", listed(0, 3, String), (sticker_ids) => saying({ sticker_ids })],
  ["sticker_ids.0", idText, (id) => saying({ sticker_ids: [id] })],
  ["allowed_mentions.users", listed(0, 100, String), (users) => mentions({ users })],
  ["allowed_mentions.roles", listed(0, 100, String), (roles) => mentions({ roles })],
  ["allowed_mentions.users.0", idText, (id) => mentions({ users: [id] })],
  ["allowed_mentions.parse", listed(0, 3, (at) => kinds[at % 3]), (parse) => mentions({ parse })],
  ["allowed_mentions.parse.1", among(["roles"], ["users"], twice), (kind) => mentions({ parse: ["users", kind] })],
  ["allowed_mentions.users.1", among(["2", 2], ["1", 1], twice), (id) => mentions({ users: ["1", id] })],
  ["allowed_mentions.roles.1", among(["2"], ["1"], twice), (id) => mentions({ roles: ["1", id] })],
  ["allowed_mentions.parse.0", among(["users", "roles", "everyone"], ["here"]), (one) => mentions({ parse: [one] })],
  ["allowed_mentions.replied_user", flag, (replied_user) => mentions({ replied_user })],
  ["attachments", listed(0, 10, (id) => ({ id: `${id}` })), (attachments) => saying({ attachments })],
  ["attachments.0.id", idText, (id) => attached({ id })],
  ["attachments.0.filename", words(1, 1_024), (filename) => attached({ filename })],
  ["attachments.0.description", words(0, 1_024), (description) => attached({ description })],
  ["attachments.0.is_spoiler", flag, (is_spoiler) => attached({ is_spoiler })],
  ["poll.question.text", words(1, 300), (text) => poll({ question: { text } })],
  ["poll.answers", listed(1, 10, () => ({ poll_media: { text: "a" } })), (answers) => poll({ answers })],
  ["poll.answers.0.poll_media.text", words(1, 55), (text) => poll({ answers: [{ poll_media: { text } }] })],
  ["poll.duration", whole(1, 768), (duration) => poll({ duration })],
  ["poll.allow_multiselect", flag, (allow_multiselect) => poll({ allow_multiselect })],
  ["poll.layout_type", among([1], [0, 2]), (layout_type) => poll({ layout_type })],

  ["embeds", listed(0, 10, () => ({ title: "T" })), (embeds) => saying({ embeds })],
  ["embeds.0.title", words(0, 256), (title) => embed({ title, description: "d" })],
  ["embeds.0.description", words(0, 4_096), (description) => embed({ description })],
  ["embeds.0.url", address(2_048, "http", "https"), (url) => embed({ url })],
  ["embeds.0.color", whole(0, 0xff_ff_ff), (color) => embed({ color })],
  [
    "embeds.0.timestamp",
    among(["2026-06-01T12:00:00Z"], ["soon", 2026], "DATE_TIME_TYPE_PARSE"),
    (timestamp) => embed({ timestamp }),
  ],
  ["embeds.0.footer.text", words(1, 2_048), (text) => embed({ footer: { text } })],
  [
    "embeds.0.footer.icon_url",
    address(2_048, "http", "https", "attachment"),
    (icon_url) => embed({ footer: { text: "f", icon_url } }),
  ],
  ["embeds.0.author.name", words(1, 256), (name) => embed({ author: { name } })],
  ["embeds.0.author.url", address(2_048, "http", "https"), (url) => embed({ author: { name: "a", url } })],
  [
    "embeds.0.author.icon_url",
    address(2_048, "http", "https", "attachment"),
    (icon_url) => embed({ author: { name: "a", icon_url } }),
  ],
  ["embeds.0.image.url", address(2_048, "http", "https", "attachment"), (url) => embed({ image: { url } })],
  ["embeds.0.thumbnail.url", address(2_048, "http", "https", "attachment"), (url) => embed({ thumbnail: { url } })],
  ["embeds.0.fields", listed(0, 25, () => ({ name: "n", value: "v" })), (fields) => embed({ fields })],
  ["embeds.0.fields.0.name", words(1, 256), (name) => embed({ fields: [{ name, value: "v" }] })],
  ["embeds.0.fields.0.value", words(1, 1_024), (value) => embed({ fields: [{ name: "n", value }] })],
  ["embeds.0.fields.0.inline", flag, (inline) => embed({ fields: [{ name: "n", value: "v", inline }] })],

  [`${row}.id`, componentId, (id) => rowOf(button({ id }))],
  [`${row}.style`, among([1, 2, 3, 4], [0, 7]), (style) => rowOf(button({ style }))],
  [`${row}.label`, words(0, 80), (label) => rowOf(button({ label, emoji: { name: "e" } }))],
  [`${row}.custom_id`, words(1, 100), (custom_id) => rowOf(button({ custom_id }))],
  [`${row}.url`, address(512, "http", "https", "discord"), (url) => rowOf({ type: 2, style: 5, label: "x", url })],
  [`${row}.sku_id`, idText, (sku_id) => rowOf({ type: 2, style: 6, sku_id })],
  [`${row}.disabled`, flag, (disabled) => rowOf(button({ disabled }))],
  [`${row}.emoji.name`, words(0, 32), (name) => rowOf(button({ emoji: { name } }))],
  [`${row}.emoji.id`, idText, (id) => rowOf(button({ emoji: { id } }))],
  [`${row}.id`, componentId, (id) => rowOf(select({ id }))],
  [`${row}.custom_id`, words(1, 100), (custom_id) => rowOf(select({ custom_id }))],
  [`${row}.placeholder`, words(0, 150), (placeholder) => rowOf(select({ placeholder }))],
  [`${row}.disabled`, flag, (disabled) => rowOf(select({ disabled }))],
  [`${row}.required`, flag, (required) => rowOf(select({ required }))],
  [`${row}.options`, listed(1, 25, (at) => ({ label: "l", value: `${at}` })), (options) => rowOf(select({ options }))],
  [`${row}.options.0.label`, words(1, 100), (label) => choice({ label })],
  [`${row}.options.0.value`, words(1, 100), (value) => choice({ value })],
  [`${row}.options.0.description`, words(0, 100), (description) => choice({ description })],
  [`${row}.options.0.emoji.name`, words(0, 32), (name) => choice({ emoji: { name } })],
  [`${row}.options.0.emoji.id`, idText, (id) => choice({ emoji: { id } })],
  [`${row}.options.0.default`, flag, (byDefault) => choice({ default: byDefault })],
  [`${row}.min_values`, whole(0, 25), (min_values) => people({ min_values, max_values: 25 })],
  [`${row}.max_values`, whole(1, 25), (max_values) => people({ max_values })],
  [`${row}.min_values`, among([0, 1], [2], "NUMBER_TYPE_MAX"), (min_values) => people({ min_values })],
  [
    `${row}.options`,
    among([1, 2, undefined], [3, 25], "BASE_TYPE_BAD_LENGTH"),
    (max_values) => rowOf(select({ max_values, options: ["a", "b"].map((value) => ({ label: "l", value })) })),
  ],
  [`${row}.channel_types`, listed(0, 20, Number), (channel_types) => people({ channel_types })],
  [`${row}.channel_types.1`, among([0], [5], twice), (type) => people({ channel_types: [5, type] })],
  [`${row}.channel_types.0`, among([0, 15], [-1], "NUMBER_TYPE_MIN"), (type) => people({ channel_types: [type] })],
  [
    `${row}.default_values`,
    listed(0, 25, (id) => ({ id: `${id}`, type: "user" })),
    (default_values) => people({ default_values, max_values: 25 }),
  ],
  [
    `${row}.default_values`,
    among([[], ["1", "2"], ["1", "2", "3"]], [["1"], ["1", "2", "3", "4"]], "BASE_TYPE_BAD_LENGTH"),
    (ids) =>
      people({
        min_values: 2,
        max_values: 3,
        default_values: (ids as string[]).map((id) => ({ id, type: "user" })),
      }),
  ],
  ...(
    [
      [5, ["user"], ["role", "channel", "guild"]],
      [6, ["role"], ["user", "channel"]],
      [7, ["user", "role"], ["channel"]],
      [8, ["channel"], ["user", "role"]],
    ] as const
  ).map(([menu, takes, refuses]): [string, Rule, (value: unknown) => unknown] => [
    `${row}.default_values.0.type`,
    among(takes, refuses),
    (type) => people({ type: menu, default_values: [{ id: "1", type }] }),
  ]),
  [`${row}.default_values.0.id`, idText, (id) => people({ default_values: [{ id, type: "user" }] })],

  [`${part}.id`, componentId, (id) => inV2({ ...text(), id })],
  [`${part}.content`, words(1, 4_000), (content) => inV2({ type: 10, content })],
  [
    `${part}.components`,
    listed(1, 3, () => text()),
    (components) => inV2({ type: 9, components, accessory: button() }),
  ],
  [`${part}.items`, listed(1, 10, () => picture()), (items) => inV2({ type: 12, items })],
  [`${part}.items.0.description`, words(1, 1_024), (description) => gallery({ description })],
  [`${part}.items.0.spoiler`, flag, (spoiler) => gallery({ spoiler })],
  [
    `${part}.items.0.media.url`,
    address(2_048, "http", "https", "attachment"),
    (url) => withFile(gallery({ media: { url } })),
  ],
  [`${part}.file.url`, address(2_048, "attachment"), (url) => withFile(inV2({ type: 13, file: { url } }))],
  [`${part}.divider`, flag, (divider) => inV2({ type: 14, divider })],
  [`${part}.spacing`, among([1, 2], [0, 3]), (spacing) => inV2({ type: 14, spacing })],
  [
    `${part}.accent_color`,
    whole(0, 0xff_ff_ff),
    (accent_color) => inV2({ type: 17, accent_color, components: [text()] }),
  ],
  [`${part}.spoiler`, flag, (spoiler) => inV2({ type: 17, spoiler, components: [text()] })],
  [`${part}.components`, listed(1, 39, () => text("t")), (components) => inV2({ type: 17, components })],
])("a message's %s takes what Discord takes, and nothing else", (path, { takes, refuses }, make) => {
  for (const value of takes) expect(shown(ofMessage(make(value))), JSON.stringify(value)?.slice(0, 80)).toEqual([]);
  for (const [value, code] of refuses) expect(shown(ofMessage(make(value)))).toEqual([`${path} ${code}`]);
});

it.each<[string, object, string[]]>([
  ["mentions parsed of one kind and listed of another", mentions({ parse: ["users"], roles: ["1"] }), []],
  ["mentions parsed with an empty list beside", mentions({ parse: ["users"], users: [] }), []],
  [
    "roles both parsed and listed",
    mentions({ parse: ["roles"], roles: ["1"] }),
    ["allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"],
  ],
  ["an embed of nothing but a field", { embeds: [{ fields: [{ name: "n", value: "v" }] }] }, []],
  ["an embed of nothing", { embeds: [{ color: 5, fields: [] }] }, ["embeds.0.description BASE_TYPE_REQUIRED"]],
  ["no embeds beside V2 components", { ...inV2(text()), embeds: [] }, []],
  [
    "stickers beside V2 components",
    { ...inV2(text()), sticker_ids: ["1"] },
    ["sticker_ids MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"],
  ],
  ["an id of 0 twice", rowOf(button({ id: 0 }), button({ id: 0, custom_id: "b" })), []],
  [
    "an id of 1 twice",
    rowOf(button({ id: 1 }), button({ id: 1, custom_id: "b" })),
    [`components.0.components.1.id COMPONENT_ID_DUPLICATED`],
  ],
  ["a null for an id twice", rowOf(button({ id: null }), button({ id: null, custom_id: "b" })), []],
  ["stickers alone", { sticker_ids: ["1"] }, []],
  ["a file alone", { attachments: [{ id: "1" }] }, []],
  [
    "a picture that is not among the files",
    gallery({ media: { url: "attachment://b" } }),
    ["components.0 UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"],
  ],
  [
    "a thumbnail that is not among the files",
    inV2({ type: 9, components: [text()], accessory: { type: 11, media: { url: "attachment://b" } } }),
    ["components.0.accessory UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"],
  ],
  [
    "content, and a file that is missing, in V2",
    { ...inV2({ type: 13, file: { url: "attachment://b" } }), content: "x" },
    ["content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"],
  ],
])("judges %s as Discord does", (_name, body, problems) => {
  expect(shown(ofMessage(body))).toEqual(problems);
});

it.each(["title", "description", "footer", "author", "timestamp", "url", "image", "thumbnail"])(
  "takes an embed of nothing but its %s",
  (name) => {
    const url = "https://x.test";
    const parts: Record<string, unknown> = {
      footer: { text: "f" },
      author: { name: "a" },
      timestamp: "2026-06-01T12:00:00Z",
      url,
      image: { url },
      thumbnail: { url },
    };
    expect(shown(ofMessage({ embeds: [{ [name]: parts[name] ?? "x" }] }))).toEqual([]);
  },
);

it("counts every text of an embed towards its 6,000 characters", () => {
  const sizes = { title: 256, description: 4_096, footer: 113, author: 256, name: 256, value: 1_024 };
  const sized = (changes: Partial<typeof sizes>) => {
    const { title, description, footer, author, name, value } = { ...sizes, ...changes };
    const x = (count: number) => "x".repeat(count);
    return ofMessage(
      embed({
        title: x(title),
        description: x(description),
        footer: { text: x(footer) },
        author: { name: x(author) },
        fields: [{ name: x(name), value: x(value) }],
      }),
    );
  };
  expect(sized({})).toEqual([
    { path: "embeds", code: "MAX_EMBED_SIZE_EXCEEDED", message: "Embed size exceeds maximum size of 6000" },
  ]);
  for (const [name, size] of Object.entries(sizes)) expect(sized({ [name]: size - 1 }), name).toEqual([]);
});

it("names the styles of a button in order", () => {
  expect(ofMessage(rowOf(button({ style: 9 })))[0]?.message).toBe("Value must be one of {1, 2, 3, 4, 5, 6}.");
});

it("counts the components of all boxes together", () => {
  const boxes = (texts: number) =>
    inV2(...[18, texts].map((count) => ({ type: 17, components: many(count, () => text("t")) })));
  expect(shown(ofMessage(boxes(20)))).toEqual([]);
  expect(shown(ofMessage(boxes(21)))).toEqual(["components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"]);
});
