import { DiscordError, type FieldError } from "../../../../../local/discord/errors.ts";
import { checkMessage, checkWhole, responseFlags } from "../../../../../local/discord/validate/message.ts";
import { checkModal } from "../../../../../local/discord/validate/modal.ts";

export type Refusals = (body: unknown) => readonly FieldError[];

/** Runs a check that throws, and returns the fields that it refuses. */
export function refusedBy(check: () => void): readonly FieldError[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof DiscordError) return error.fields;
    throw error;
  }
}

export const ofMessage: Refusals = (body) =>
  refusedBy(() => {
    checkMessage(body, { flags: responseFlags });
    checkWhole(body as Record<string, unknown>);
  });
export const ofModal: Refusals = (body) => checkModal(body, "");

export const shown = (errors: readonly FieldError[]): string[] => errors.map(({ path, code }) => `${path} ${code}`);
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const button = (more: object = {}) => ({ type: 2, style: 1, label: "Go", custom_id: "go", ...more });
export const text = (content = "text") => ({ type: 10, content });
export const select = (more: object = {}) => ({
  type: 3,
  custom_id: "menu",
  options: [{ label: "A", value: "a" }],
  ...more,
});
export const rowOf = (...components: object[]) => ({ components: [{ type: 1, components }] });
export const inV2 = (...components: object[]) => ({ flags: 32_768, components });
export const embed = (more: object) => ({ embeds: [{ title: "T", ...more }] });
export const poll = (more: object = {}) => ({
  poll: { question: { text: "?" }, answers: [{ poll_media: { text: "a" } }], ...more },
});
export const input = (more: object = {}) => ({ type: 4, custom_id: "i", style: 1, ...more });
export const label = (component: object, more: object = {}) => ({ type: 18, label: "L", component, ...more });
export const modalOf = (...components: object[]) => ({ custom_id: "m", title: "T", components });

const [min, max, kind] = ["NUMBER_TYPE_MIN", "NUMBER_TYPE_MAX", "NUMBER_TYPE_COERCE"];

/** What a field takes, and what it refuses with which code. */
export interface Rule {
  takes: readonly unknown[];
  refuses: ReadonlyMap<unknown, string>;
}

/** A whole number within two bounds. */
export const whole = (least: number, most: number): Rule => ({
  takes: [least, most, undefined, null],
  refuses: new Map<unknown, string>([
    [least - 1, min],
    [most + 1, max],
    [String(least), kind],
    [least + 0.5, kind],
  ]),
});

/** A whole number with a lower bound alone. */
export const atLeast = (least: number): Rule => ({
  takes: [least, least + 1, undefined, null],
  refuses: new Map<unknown, string>([
    [least - 1, min],
    [String(least), kind],
  ]),
});

/** A text within two lengths. A text that must not be empty is required, unless the field may be left out. */
export const words = (least: 0 | 1, most: number): Rule => ({
  takes: ["x".repeat(most), least === 0 ? "" : "x"],
  refuses: new Map<unknown, string>([
    ["x".repeat(most + 1), "BASE_TYPE_MAX_LENGTH"],
    [5, "STRING_TYPE_CONVERT"],
    ...(least === 1 ? ([["", "BASE_TYPE_REQUIRED"]] as const) : []),
  ]),
});

/** The `id` of a component. */
export const componentId = whole(0, 2 ** 31 - 1);

export const flag: Rule = {
  takes: [true, false, undefined, null],
  refuses: new Map([["yes", "BOOLEAN_TYPE_CONVERT"]]),
};

export const idText: Rule = {
  takes: ["1", "1".repeat(20), 5],
  refuses: new Map<unknown, string>([
    ["x", kind],
    ["1".repeat(21), kind],
    [2 ** 53, kind],
    [1.5, kind],
  ]),
};

/** A kind or an extension of files. */
export const fileType: Rule = {
  takes: ["image", "video", "audio", ".pdf", ".PDF", ".tar.gz", `.${"x".repeat(15)}`],
  refuses: new Map<unknown, string>([
    ["pdf", "FILE_TYPE_INVALID"],
    ["application/pdf", "FILE_TYPE_INVALID"],
    ["Image", "FILE_TYPE_INVALID"],
    [".", "FILE_TYPE_INVALID"],
    ["", "BASE_TYPE_REQUIRED"],
    [`.${"x".repeat(16)}`, "BASE_TYPE_MAX_LENGTH"],
    [5, "STRING_TYPE_CONVERT"],
  ]),
};

/** A list within two lengths. */
export const listed = (least: number, most: number, make: (index: number) => unknown): Rule => ({
  takes: [many(least, make), many(most, make)],
  refuses: new Map<unknown, string>([
    [many(most + 1, make), "BASE_TYPE_BAD_LENGTH"],
    ["x", "LIST_TYPE_CONVERT"],
    ...(least > 0 ? ([[many(least - 1, make), "BASE_TYPE_BAD_LENGTH"]] as const) : []),
  ]),
});

export const among = (takes: readonly unknown[], refuses: readonly unknown[], code = "BASE_TYPE_CHOICES"): Rule => ({
  takes,
  refuses: new Map(refuses.map((value) => [value, code])),
});

/** An address of these schemes and at most so many characters. */
export const address = (most: number, ...schemes: string[]): Rule => ({
  takes: schemes.map((scheme) => `${scheme}://x.test/a`),
  refuses: new Map<unknown, string>([
    ...["http", "https", "attachment", "discord", "ftp"]
      .filter((scheme) => !schemes.includes(scheme))
      .map((scheme) => [`${scheme}://x.test/a`, "URL_TYPE_INVALID_SCHEME"] as const),
    [`${schemes[0]}://x.test/`.padEnd(most + 1, "a"), "BASE_TYPE_MAX_LENGTH"],
    ["nowhere", "URL_TYPE_INVALID_URL"],
    [5, "URL_TYPE_INVALID_URL"],
  ]),
});
