import { readFileSync } from "node:fs";
import { parseArgs, styleText } from "node:util";
import type { Transcript } from "./discord/index.ts";
import { renderMessage, type ShownMessage } from "./render/message.ts";

// `npm run send`: one signed interaction through the running simulator to the Worker, and what a person would see.

const usage = `Usage: npm run send -- '/ping' [options]

  --as NAME         who sends it: ada, grace.h, linus, mei_lin, robin, stranger       (ada)
  --in CHANNEL      where: #general, a channel's id, or dm                            (#general)
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

async function main(): Promise<number> {
  const { values, positionals } = readCommandLine();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const line = positionals.join(" ");
  if (line === "" && values.file === undefined)
    throw new UsageError("Say what to send, such as: npm run send -- '/ping'");
  const order = {
    ...(values.file === undefined ? { line } : { payload: readPayload(values.file) }),
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
  if (answer.kind === "choices" || answer.kind === "modal") lines.push(JSON.stringify(answer, null, 2));
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
