import type { PickedFile, Simulator } from "../../../discord/index.ts";
import { lineOf } from "../line.ts";
import { labelOf } from "../titles.ts";
import type { Step } from "./chain.ts";
import { chosenIn, enteredIn } from "./choices.ts";
import { expectationsOf } from "./expectations.ts";
import { channelName, personName } from "./names.ts";

/** Returns the bytes of an uploaded file; `undefined` when it is gone. */
export type ReadFile = (attachment: { filename?: string; url?: string }) => Promise<PickedFile | undefined>;

/** Returns a test file that repeats the steps with the kit, and expects of the last what it gave. */
export async function asTest(simulator: Simulator, steps: readonly Step[], readFile: ReadFile): Promise<string> {
  const lines: string[] = [];
  const last = steps.at(-1);
  const lastCall = last && (await callOf(simulator, last, steps, readFile));
  if (!last || lastCall === undefined) return "";
  for (const [index, step] of steps.slice(0, -1).entries()) {
    lines.push(`const ${nameOf(index)} = await ${await callOf(simulator, step, steps, readFile)};`);
  }
  const expectations = expectationsOf(simulator, last, lastCall);
  const title = JSON.stringify(`answers ${last.exchange.view.title.replaceAll(/\s+/g, " ")}`);
  return `import { expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

const sim = await startSim();

it(${title}, async () => {
${[...lines, ...expectations].map((line) => `  ${line}\n`).join("")}});
`;
}

// --- Internal helpers ---

const nameOf = (index: number): string => `shown${index + 1}`;

async function callOf({ world }: Simulator, step: Step, steps: readonly Step[], readFile: ReadFile): Promise<string> {
  const { exchange, record, parent } = step;
  const { view, payload } = exchange;
  const person = personName(world, record.userId);
  const before = parent ? nameOf(steps.indexOf(parent)) : "";
  const asPerson = parent && parent.record.userId !== record.userId ? `.as(${JSON.stringify(person)})` : "";
  switch (view.kind) {
    case "component": {
      if (payload.data?.component_type === 2) return `${before}${asPerson}.click(${JSON.stringify(labelOf(payload))})`;
      const { values, menu } = chosenIn(payload);
      return `${before}${asPerson}.select(${[values, menu].flatMap((one) => (one === undefined ? [] : [JSON.stringify(one)])).join(", ")})`;
    }
    case "form": {
      const modal = parent?.record.answer.kind === "modal" ? parent.record.answer.modal : undefined;
      const fields = await Promise.all(
        enteredIn(payload, modal).map(async ({ customId, value, files }) => {
          const picked = files?.map((id) => readFile(payload.data?.resolved?.attachments?.[id] ?? {}));
          const text = picked ? await filesText(picked) : JSON.stringify(value);
          return `${JSON.stringify(customId)}: ${text}`;
        }),
      );
      return `${before}.submit({ ${fields.join(", ")} })`;
    }
    default: {
      const who = actorOf(person, channelName(world, record.channelId));
      const { data = {} } = payload;
      if (view.kind === "autocomplete") return `${who}.complete(${JSON.stringify(lineOf(payload, world))})`;
      if (data.type === 2)
        return `${who}.userCommand(${JSON.stringify(data.name)}, ${JSON.stringify(personName(world, data.target_id))})`;
      if (data.type === 3) return `${who}.messageCommand(${JSON.stringify(data.name)}, ${before}.id)`;
      const files = await Promise.all(
        attachmentsIn(data.options ?? []).map(async ({ name, id }) => {
          const file = readFile(data.resolved?.attachments?.[id] ?? {});
          return `${JSON.stringify(name)}: ${await fileText(file)}`;
        }),
      );
      const given = files.length > 0 ? `, { ${files.join(", ")} }` : "";
      return `${who}.command(${JSON.stringify(lineOf(payload, world))}${given})`;
    }
  }
}

/** `sim` itself is Ada in #general. */
function actorOf(person: string, channel: string): string {
  if (person === "ada") return channel === "#general" ? "sim" : `sim.in(${JSON.stringify(channel)})`;
  const where = channel === "#general" ? "" : `, { channel: ${JSON.stringify(channel)} }`;
  return `sim.as(${JSON.stringify(person)}${where})`;
}

type Given = { name: string; type: number; value?: unknown; options?: readonly Given[] };

const attachmentsIn = (options: readonly Given[]): { name: string; id: string }[] =>
  options.flatMap(({ name, type, value, options: inner }) =>
    inner ? attachmentsIn(inner) : type === 11 ? [{ name, id: String(value) }] : [],
  );

const filesText = async (files: readonly Promise<PickedFile | undefined>[]): Promise<string> =>
  `[${(await Promise.all(files.map(fileText))).join(", ")}]`;

async function fileText(reading: Promise<PickedFile | undefined>): Promise<string> {
  const file = (await reading) ?? { name: "file", data: "" };
  const bytes = Buffer.from(file.data);
  const text = bytes.toString();
  const data = Buffer.from(text).equals(bytes)
    ? JSON.stringify(text)
    : `Buffer.from(${JSON.stringify(bytes.toString("base64"))}, "base64")`;
  return `{ name: ${JSON.stringify(file.name)}, type: ${JSON.stringify(file.type ?? "")}, data: ${data} }`;
}
