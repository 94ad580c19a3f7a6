import { expect, it } from "vitest";
import { DiscordError } from "../../../../../local/discord/errors.ts";
import { checkMessage, checkWhole, responseFlags } from "../../../../../local/discord/validate/message.ts";

const v2 = 32_768;
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const button = (more: object = {}) => ({ type: 2, style: 1, label: "Go", custom_id: "go", ...more });
const row = (...components: object[]) => ({ type: 1, components });
const text = (content = "text") => ({ type: 10, content });
const select = (more: object = {}) => ({ type: 3, custom_id: "menu", options: [{ label: "A", value: "a" }], ...more });
const inV2 = (...components: object[]) => ({ flags: v2, components });
const embed = (more: object = {}) => ({ embeds: [{ title: "T", ...more }] });

/** Returns Discord's objections: each field with its code, or the error's code alone. */
function problems(body: unknown): string[] {
  try {
    checkMessage(body, { flags: responseFlags });
    checkWhole(body as Record<string, unknown>);
    return [];
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error;
    return error.fields.length > 0 ? error.fields.map(({ path, code }) => `${path} ${code}`) : [String(error.code)];
  }
}

it.each<[string, unknown, string]>([
  ["nothing at all", {}, "50006"],
  ["only spaces", { content: "  \n " }, "50006"],
  ["null", null, " MODEL_TYPE_CONVERT"],
  ["a list", [], " MODEL_TYPE_CONVERT"],
  ["content of 2001", { content: "x".repeat(2_001) }, "content BASE_TYPE_MAX_LENGTH"],
  ["content that is a number", { content: 5 }, "content STRING_TYPE_CONVERT"],
  ["11 embeds", { embeds: many(11, () => ({ title: "T" })) }, "embeds BASE_TYPE_BAD_LENGTH"],
  ["a title of 257", embed({ title: "x".repeat(257) }), "embeds.0.title BASE_TYPE_MAX_LENGTH"],
  ["a description of 4097", embed({ description: "x".repeat(4_097) }), "embeds.0.description BASE_TYPE_MAX_LENGTH"],
  ["26 fields", embed({ fields: many(26, () => ({ name: "n", value: "v" })) }), "embeds.0.fields BASE_TYPE_BAD_LENGTH"],
  ["a field without a value", embed({ fields: [{ name: "n" }] }), "embeds.0.fields.0.value BASE_TYPE_REQUIRED"],
  [
    "a field of 1025",
    embed({ fields: [{ name: "n", value: "x".repeat(1_025) }] }),
    "embeds.0.fields.0.value BASE_TYPE_MAX_LENGTH",
  ],
  [
    "6001 over two embeds",
    { embeds: [{ description: "x".repeat(3_000) }, { description: "x".repeat(3_001) }] },
    "embeds MAX_EMBED_SIZE_EXCEEDED",
  ],
  ["an embed with an invalid url", embed({ url: "nowhere" }), "embeds.0.url URL_TYPE_INVALID_URL"],
  ["an image by ftp", embed({ image: { url: "ftp://x/y.png" } }), "embeds.0.image.url URL_TYPE_INVALID_SCHEME"],
  [
    "6 rows",
    { components: many(6, (index) => row(button({ custom_id: `b${index}` }))) },
    "components BASE_TYPE_BAD_LENGTH",
  ],
  [
    "6 buttons in a row",
    { components: [row(...many(6, (index) => button({ custom_id: `b${index}` })))] },
    "components.0.components BASE_TYPE_BAD_LENGTH",
  ],
  [
    "a button beside a menu",
    { components: [row(button(), select())] },
    "components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED",
  ],
  [
    "two equal custom_ids",
    { components: [row(button(), button())] },
    "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
  ],
  [
    "two equal ids",
    { components: [row(button({ id: 5 }), button({ id: 5, custom_id: "b" }))] },
    "components.0.components.1.id COMPONENT_ID_DUPLICATED",
  ],
  [
    "a button without an id",
    { components: [row({ type: 2, style: 1, label: "x" })] },
    "components.0.components.0.custom_id BASE_TYPE_REQUIRED",
  ],
  [
    "a button without label and emoji",
    { components: [row({ type: 2, style: 1, custom_id: "x" })] },
    "components.0.components.0.label BASE_TYPE_REQUIRED",
  ],
  [
    "a link with a custom_id",
    { components: [row(button({ style: 5, url: "https://x.test" }))] },
    "components.0.components.0.custom_id BUTTON_COMPONENT_FIELD_INVALID",
  ],
  [
    "a link without a url",
    { components: [row({ type: 2, style: 5, label: "x" })] },
    "components.0.components.0.url BASE_TYPE_REQUIRED",
  ],
  [
    "a premium button with a label",
    { components: [row({ type: 2, style: 6, sku_id: "1", label: "Buy" })] },
    "components.0.components.0.label BUTTON_COMPONENT_FIELD_INVALID",
  ],
  [
    "a label of 81",
    { components: [row(button({ label: "x".repeat(81) }))] },
    "components.0.components.0.label BASE_TYPE_MAX_LENGTH",
  ],
  [
    "a custom_id of 101",
    { components: [row(button({ custom_id: "x".repeat(101) }))] },
    "components.0.components.0.custom_id BASE_TYPE_MAX_LENGTH",
  ],
  [
    "26 options",
    { components: [row(select({ options: many(26, (index) => ({ label: "l", value: `${index}` })) }))] },
    "components.0.components.0.options BASE_TYPE_BAD_LENGTH",
  ],
  [
    "two options of equal value",
    {
      components: [
        row(
          select({
            options: [
              { label: "a", value: "a" },
              { label: "b", value: "a" },
            ],
          }),
        ),
      ],
    },
    "components.0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
  ],
  [
    "a maximum above the number of options",
    { components: [row(select({ min_values: 2, max_values: 2 }))] },
    "components.0.components.0.options BASE_TYPE_BAD_LENGTH",
  ],
  ["a V2 text without the flag", { components: [text()] }, "components.0.type UNION_TYPE_CHOICES"],
  [
    "content beside V2 components",
    { ...inV2(text()), content: "x" },
    "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
  ],
  [
    "embeds beside V2 components",
    { ...inV2(text()), ...embed() },
    "embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
  ],
  [
    "a poll beside V2 components",
    { ...inV2(text()), poll: { question: { text: "?" }, answers: [{ poll_media: { text: "a" } }] } },
    "poll MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
  ],
  [
    "41 components",
    inV2(...many(4, (at) => ({ type: 17, components: many(10, (index) => text(`${at} ${index}`)) }))),
    "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
  ],
  [
    "4001 characters of text",
    inV2(text("x".repeat(2_000)), text("x".repeat(2_001))),
    "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
  ],
  ["an empty text", inV2(text("")), "components.0.content BASE_TYPE_REQUIRED"],
  [
    "a section without its accessory",
    inV2({ type: 9, components: [text()] }),
    "components.0.accessory BASE_TYPE_REQUIRED",
  ],
  [
    "a section of 4 texts",
    inV2({ type: 9, components: many(4, () => text()), accessory: button() }),
    "components.0.components BASE_TYPE_BAD_LENGTH",
  ],
  [
    "a container in a container",
    inV2({ type: 17, components: [{ type: 17, components: [text()] }] }),
    "components.0.components.0.type UNION_TYPE_CHOICES",
  ],
  [
    "a colour out of range",
    inV2({ type: 17, accent_color: 0x1_00_00_00, components: [text()] }),
    "components.0.accent_color NUMBER_TYPE_MAX",
  ],
  [
    "a file component with a web address",
    inV2({ type: 13, file: { url: "https://x.test/a" } }),
    "components.0.file.url URL_TYPE_INVALID_SCHEME",
  ],
  [
    "a file that was not uploaded",
    inV2({ type: 13, file: { url: "attachment://a.txt" } }),
    "components.0 UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
  ],
  ["an unknown component", inV2({ type: 99 }), "components.0.type UNION_TYPE_CHOICES"],
  [
    "users both parsed and listed",
    { content: "x", allowed_mentions: { parse: ["users"], users: ["1"] } },
    "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
  ],
  [
    "101 users",
    { content: "x", allowed_mentions: { users: many(101, String) } },
    "allowed_mentions.users BASE_TYPE_BAD_LENGTH",
  ],
  ["a flag that a bot cannot set", { content: "x", flags: 1 << 7 }, "flags MESSAGE_FLAGS_INVALID"],
  [
    "a poll of 11 answers",
    { poll: { question: { text: "?" }, answers: many(11, () => ({ poll_media: { text: "a" } })) } },
    "poll.answers BASE_TYPE_BAD_LENGTH",
  ],
  [
    "a poll answer of 56",
    { poll: { question: { text: "?" }, answers: [{ poll_media: { text: "x".repeat(56) } }] } },
    "poll.answers.0.poll_media.text BASE_TYPE_MAX_LENGTH",
  ],
  [
    "a poll of 33 days",
    { poll: { question: { text: "?" }, answers: [{ poll_media: { text: "a" } }], duration: 769 } },
    "poll.duration NUMBER_TYPE_MAX",
  ],
])("refuses %s", (_name, body, problem) => {
  expect(problems(body)).toContain(problem);
});

it.each<[string, object]>([
  ["text", { content: "x".repeat(2_000) }],
  [
    "a full row, a menu, and 5 rows",
    {
      components: [
        row(...many(5, (index) => button({ custom_id: `b${index}` }))),
        row(select()),
        ...many(3, (index) => row(button({ custom_id: `c${index}` }))),
      ],
    },
  ],
  [
    "every button",
    {
      components: [
        row(
          button(),
          { type: 2, style: 5, label: "Link", url: "https://x.test" },
          { type: 2, style: 6, sku_id: "1" },
          { type: 2, style: 2, custom_id: "e", emoji: { name: "🐦" } },
        ),
      ],
    },
  ],
  [
    "every other menu",
    { components: [5, 6, 7, 8].map((type) => row({ type, custom_id: `m${type}`, min_values: 0, max_values: 3 })) },
  ],
  [
    "every V2 component",
    inV2(
      {
        type: 17,
        accent_color: 0,
        components: [
          text(),
          { type: 9, components: [text()], accessory: { type: 11, media: { url: "https://x.test/a.png" } } },
          { type: 12, items: [{ media: { url: "https://x.test/a.png" } }] },
          { type: 14, spacing: 2 },
          row(button()),
        ],
      },
      text(),
    ),
  ],
  [
    "an embed with every field",
    embed({
      description: "d",
      url: "https://x.test",
      timestamp: "2026-06-01T12:00:00+00:00",
      color: 0xff_ff_ff,
      footer: { text: "f" },
      author: { name: "a" },
      fields: [{ name: "n", value: "v", inline: true }],
    }),
  ],
  ["a poll", { poll: { question: { text: "?" }, answers: [{ poll_media: { text: "a" } }], duration: 768 } }],
  ["nulls for missing fields", { content: "x", embeds: null, components: null, allowed_mentions: null }],
])("accepts %s", (_name, body) => {
  expect(problems(body)).toEqual([]);
});
