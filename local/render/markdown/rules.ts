/** The kinds of markup that Discord reads in a place. */
export interface Rules {
  /** Headings, lists, quotes, code blocks and subtext. */
  hasBlocks: boolean;
  /** Bold, italic, underline, strike, spoilers, code, custom emoji and timestamps. */
  hasStyles: boolean;
  /** Users, roles, channels, commands and `@everyone`. */
  hasMentions: boolean;
  /** Masked links and addresses. */
  hasLinks: boolean;
}

const everything: Rules = { hasBlocks: true, hasStyles: true, hasMentions: true, hasLinks: true };
const stylesAlone: Rules = { hasBlocks: false, hasStyles: true, hasMentions: false, hasLinks: false };
const plain: Rules = { hasBlocks: false, hasStyles: false, hasMentions: false, hasLinks: false };

/** The rules by place. A place that is plain shows its text as it is. */
export const rulesOf = {
  content: everything,
  textDisplay: everything,
  embedDescription: everything,
  fieldValue: everything,
  embedTitle: stylesAlone,
  fieldName: stylesAlone,
  embedAuthor: plain,
  embedFooter: plain,
  button: plain,
  option: plain,
  formTitle: plain,
  label: plain,
  poll: plain,
} as const satisfies Record<string, Rules>;

export type Place = keyof typeof rulesOf;
