import { readFileSync } from "node:fs";
import { parseArgs, styleText } from "node:util";
import type { Transcript } from "./discord/index.ts";
import { renderMessage, type ShownMessage } from "./render/message.ts";
import { renderModal } from "./render/modal.ts";

// `npm run send`: one signed interaction through the running simulator to the Worker, and what a person would see.

const usage = `Usage: npm run send -- '/ping' [options]

  --click LABEL     clicks a button of the last message
  --select A,B      chooses in its menu
  --submit NAME=TEXT  fills in the open form; once for each field
  --complete        asks for the choices of the line's last option
  --user-command NAME --target PERSON       from the menu of a person
  --message-command NAME                    from the menu of a message
  --on ID           another message than the last

  --as NAME         who sends it: ada, grace.h, linus, mei_lin, robin, stranger       (ada)
  --in CHANNEL      where: #general, a channel's id, dm, or group-dm                           (#general)
  --locale CODE     the person's language                                             (en-US)
  --json            the answer as it came
  --file F.json     send this payload instead, as it is, signed
  --simulator URL   the simulator of npm run dev                                      (http://127.0.0.1:8788)
  --help            this text
`;

/** Something the person at the keyboard can mend: told without a stack, exit code 2. */
class UsageError extends Error {}

function readCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        as: { type: "string" },
        in: { type: "string" },
        locale: { type: "string" },
        json: { type: "boolean", default: false },
        file: { type: "string" },
        click: { type: "string" },
        select: { type: "string" },
        submit: { type: "string", multiple: true },
        complete: { type: "boolean", default: false },
        "user-command": { type: "string" },
        "message-command": { type: "string" },
        target: { type: "string" },
        on: { type: "string" },
        simulator: { type: "string", default: "http://127.0.0.1:8788" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readPayload(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be sent: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function ask<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new UsageError(`Nothing answers at ${new URL(url).origin}. Start the world first: npm run dev`, { cause });
  });
  const body = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new UsageError(body.error ?? `The simulator answered HTTP ${response.status}.`);
  return body;
}

/** The one thing that is done: a line, a click, a choice, a form, a command of a menu, or a payload. */
function readAction(values: ReturnType<typeof readCommandLine>["values"], line: string): object {
  const { file, click, select, submit, complete, target, on } = values;
  const about = { ...(target !== undefined && { target }), ...(on !== undefined && { on }) };
  if (file !== undefined) return { payload: readPayload(file) };
  if (click !== undefined) return { click, ...about };
  if (select !== undefined) return { select: select === "" ? [] : select.split(","), ...about };
  if (submit !== undefined) return { submit: Object.fromEntries(submit.map(readField)) };
  if (values["user-command"] !== undefined) return { userCommand: values["user-command"], ...about };
  if (values["message-command"] !== undefined) return { messageCommand: values["message-command"], ...about };
  if (line === "") throw new UsageError("Say what to send, such as: npm run send -- '/ping'");
  return complete ? { complete: line } : { line };
}

/** `Answers=Pizza\nSushi`: a backslash and an n are a new line, as shells make typing one hard. */
function readField(field: string): [string, string] {
  const split = field.indexOf("=");
  if (split < 1)
    throw new UsageError(`--submit takes a field's name and what to enter, as in 'Question=Lunch?', not "${field}".`);
  return [field.slice(0, split), field.slice(split + 1).replaceAll(String.raw`\n`, "\n")];
}

async function main(): Promise<number> {
  const { values, positionals } = readCommandLine();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const order = {
    ...readAction(values, positionals.join(" ")),
    ...(values.as !== undefined && { user: values.as }),
    ...(values.in !== undefined && { channel: values.in }),
    ...(values.locale !== undefined && { locale: values.locale }),
  };
  const transcript = await ask<Transcript>(`${values.simulator}/simulator/interactions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order),
  });
  if (values.json) process.stdout.write(`${JSON.stringify(transcript.body, null, 2)}\n`);
  else await show(transcript, values.simulator);
  return transcript.problems.length > 0 ? 1 : 0;
}

async function show({ answer, messages, problems, status, ms }: Transcript, simulator: string): Promise<void> {
  const { names } = await ask<{ names: Record<string, string> }>(`${simulator}/simulator`);
  const lines = messages.map((message) => renderMessage(message as ShownMessage, { names, now: Date.now() }));
  if (answer.kind === "deferred") lines.push(styleText("dim", "sandpiper is thinking…"));
  if (answer.kind === "acknowledged" && messages.length === 0) lines.push(styleText("dim", "(nothing changes yet)"));
  if (answer.kind === "choices")
    lines.push(...answer.choices.map(({ name, value }) => `${name}  ${styleText("dim", String(value))}`));
  if (answer.kind === "choices" && answer.choices.length === 0)
    lines.push(styleText("dim", "No options match your search."));
  if (answer.kind === "modal") {
    lines.push(renderModal(answer.modal, { names, now: Date.now() }));
    lines.push(styleText("dim", "Fill it in with --submit 'Field=text'"));
  }
  if (answer.kind === "activity") lines.push(styleText("dim", "(the activity opens)"));
  if (answer.kind === "pong") lines.push("PONG");
  if (answer.kind === "none") lines.push(styleText("red", "The application did not respond"));
  for (const problem of problems) lines.push(styleText("yellow", `  ${problem}`));
  lines.push(styleText("dim", `HTTP ${status} in ${ms} ms`));
  process.stdout.write(`${lines.join("\n")}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
