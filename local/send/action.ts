import { readFileSync } from "node:fs";
import { UsageError } from "../command-line.ts";
import { withoutQuotes } from "./typed-line.ts";

/** The options of `npm run send` that say what to do. */
export interface ActionValues {
  complete?: boolean;
  click?: string;
  select?: string;
  submit?: readonly string[];
  "user-command"?: string;
  "message-command"?: string;
  file?: string;
  target?: string;
  on?: string;
}

const actions = ["click", "select", "submit", "user-command", "message-command", "file"] as const;
type Action = (typeof actions)[number];

/** Returns the simulator's order for the action. Throws a `UsageError` for none, for several, and for stray options. */
export function readAction(values: ActionValues, line: string): object {
  const given = actions.filter((name) => values[name] !== undefined);
  const all = [...(line === "" ? [] : [`"${line}"`]), ...given.map((name) => `--${name}`)];
  if (all.length > 1) throw new UsageError(`One action at a time, not ${all.join(" and ")}.`);
  const [action] = given;
  if (values.target !== undefined) refuseStray("--target", action, ["user-command"]);
  if (values.on !== undefined) refuseStray("--on", action, ["click", "select", "message-command"]);
  if (values.complete && line === "") throw new UsageError("--complete needs a line, such as '/help command:p'.");
  const { on, target } = values;
  // What is undefined is not sent.
  return { ...(action === undefined ? readLine(line, values.complete) : readOption(action, values)), on, target };
}

// --- Internal helpers ---

function refuseStray(option: string, action: Action | undefined, owners: readonly Action[]): void {
  if (action !== undefined && owners.includes(action)) return;
  const names = owners.map((owner) => `--${owner}`);
  throw new UsageError(`${option} needs ${new Intl.ListFormat("en", { type: "disjunction" }).format(names)}.`);
}

function readLine(line: string, isTyping = false): object {
  if (line === "") throw new UsageError("There is nothing to send. Try: npm run send -- '/ping'");
  return isTyping ? { complete: line } : { line };
}

function readOption(action: Action, values: ActionValues): object {
  const text = withoutQuotes(String(values[action]));
  switch (action) {
    case "click":
      return { click: text };
    case "select":
      return { select: text === "" ? [] : text.split(",") };
    case "submit":
      return { submit: Object.fromEntries((values.submit ?? []).map((field) => readField(withoutQuotes(field)))) };
    case "user-command":
      return { userCommand: text };
    case "message-command":
      return { messageCommand: text };
    case "file":
      return { payload: readPayload(text) };
  }
}

/** `Answers=Pizza\nSushi`: backslash and n stand for a line break, which is hard to type in a shell. */
function readField(field: string): [string, string] {
  const split = field.indexOf("=");
  if (split < 1)
    throw new UsageError(`--submit takes a field and its text, such as 'Question=Lunch?', not "${field}".`);
  return [field.slice(0, split), field.slice(split + 1).replaceAll(String.raw`\n`, "\n")];
}

function readPayload(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--file takes a JSON file, and ${file} cannot be read as one: ${reason}`, { cause });
  }
}
