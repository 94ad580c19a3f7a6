import { styleText } from "node:util";

export interface MarkdownOptions {
  /** Names by ID, for mentions. */
  names: Record<string, string>;
  /** Epoch milliseconds, for relative timestamps. */
  now: number;
}

type Style = Parameters<typeof styleText>[0];
type Rule = [pattern: RegExp, render: (...groups: string[]) => string];

/** Returns Discord's markdown styled for a terminal; without colours where they are not wanted (`NO_COLOR`, pipes). */
export function renderMarkdown(text: string, { names, now }: MarkdownOptions): string {
  const styled =
    (style: Style) =>
    (_all: string, inner = "") =>
      styleText(style, inner);
  const mention =
    (sign: string) =>
    (_all: string, id = "") =>
      styleText("cyan", `${sign}${names[id] ?? id}`);
  // Code contains no markup: placeholders replace it until the rest is styled.
  const code: string[] = [];
  const aside = (_all: string, block?: string, span?: string) =>
    `\u{e000}${code.push(styleText("green", block ?? span ?? "")) - 1}\u{e001}`;
  const rules: Rule[] = [
    [/\*\*([^*\n]+)\*\*/g, styled("bold")],
    [/__([^_\n]+)__/g, styled("underline")],
    [/~~([^~\n]+)~~/g, styled("strikethrough")],
    [/(?<![*\w])\*([^*\n]+)\*(?!\*)/g, styled("italic")],
    [/^> ?(.*)$/gm, (_all, quoted = "") => `${styleText("dim", "▌")} ${quoted}`],
    [/^-# (.*)$/gm, styled("dim")],
    [/^#{1,3} (.*)$/gm, styled(["bold", "underline"])],
    [/<@&(\d+)>/g, mention("@")],
    [/<@!?(\d+)>/g, mention("@")],
    [/<#(\d+)>/g, mention("#")],
    [
      /<t:(-?\d+)(?::([tTdDfFR]))?>/g,
      (_all, seconds = "0", style = "f") => renderTime(Number(seconds) * 1_000, style, now),
    ],
    [/<a?:(\w+):\d+>/g, (_all, name = "") => `:${name}:`],
  ];
  const rest = text.replace(/```(?:\w*\n)?([^]*?)```|`([^`\n]+)`/g, aside);
  const shown = rules.reduce((styledSoFar, [pattern, render]) => styledSoFar.replace(pattern, render), rest);
  return shown.replace(/\u{e000}(\d+)\u{e001}/gu, (_all, index: string) => code[Number(index)] ?? "");
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

function renderTime(at: number, style: string, now: number): string {
  if (style !== "R") {
    const dateStyle = /[dDfF]/.test(style) && { dateStyle: "long" as const };
    const timeStyle = /[tTfF]/.test(style) && { timeStyle: "short" as const };
    return new Date(at).toLocaleString("en-GB", { ...dateStyle, ...timeStyle });
  }
  const seconds = Math.round((at - now) / 1_000);
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
}
