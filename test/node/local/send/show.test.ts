import { stripVTControlCharacters } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { UsageError } from "../../../../local/command-line.ts";
import type { Transcript } from "../../../../local/discord/index.ts";
import { ask } from "../../../../local/send/ask.ts";
import { showTranscript } from "../../../../local/send/show.ts";

const shown = (answer: object, more: object = {}) => {
  const transcript = { answer, messages: [], problems: [], status: 200, ms: 12, ...more } as unknown as Transcript;
  return stripVTControlCharacters(showTranscript(transcript, { names: {}, now: 0 })).split("\n");
};
const message = { author: { username: "bot" }, content: "hi" };
const end = "HTTP 200 in 12 ms";

it.each<[object, object, string[]]>([
  [
    { kind: "none" },
    { status: 0, problems: ["Too late."] },
    ["The application did not respond", "  Too late.", "HTTP 0 in 12 ms"],
  ],
  [{ kind: "pong" }, {}, ["PONG", end]],
  [{ kind: "message" }, { messages: [message] }, ["bot  APP ", "  hi", end]],
  [{ kind: "deferred" }, {}, ["sandpiper is thinking…", end]],
  [{ kind: "acknowledged" }, {}, ["(acknowledged; nothing to see yet)", end]],
  [{ kind: "acknowledged" }, { messages: [message] }, ["bot  APP ", "  hi", end]],
  [{ kind: "choices", choices: [] }, {}, ["No options match your search.", end]],
  [
    {
      kind: "choices",
      choices: [
        { name: "Red", value: 1 },
        { name: "Blue", value: "b" },
      ],
    },
    {},
    ["Red  1", "Blue  b", end],
  ],
  [
    { kind: "modal", modal: { title: "T" } },
    {},
    ["│ T", "Fill it in with: npm run send -- --submit 'Field=text'", end],
  ],
  [
    { kind: "modal", modal: { title: "T", components: [{ content: "Hi" }, { label: "Answers", component: {} }] } },
    {},
    ["│ T", "│ Hi", "│ Answers *", "│ [  ]", "Fill it in with: npm run send -- --submit 'Answers=text'", end],
  ],
  [{ kind: "activity" }, {}, ["(the activity opens)", end]],
])("shows the answer %j with %j", (answer, more, expected) => {
  expect(shown(answer, more)).toEqual(expected);
});

const url = "http://127.0.0.1:8788/simulator";
async function asked(answer: () => Promise<Response>): Promise<unknown> {
  vi.stubGlobal("fetch", answer);
  onTestFinished(() => void vi.unstubAllGlobals());
  return ask(url).catch((error: unknown) => error);
}

it("returns the simulator's answer, or says what is wrong and what to do", async () => {
  expect(await asked(async () => Response.json({ a: 1 }))).toEqual({ a: 1 });
  expect(await asked(async () => Response.json({ error: "No such user." }, { status: 400 }))).toEqual(
    new UsageError("No such user."),
  );
  const errors = {
    "Nothing answers at http://127.0.0.1:8788. Start the bot first: npm run dev": () =>
      Promise.reject(new TypeError("fetch failed")),
    "The simulator failed with HTTP 500. The terminal of npm run dev says why.": async () =>
      new Response("x", { status: 500 }),
    "http://127.0.0.1:8788 answered HTTP 404 and is not the simulator. npm run dev prints the simulator's address.":
      async () => Response.json({ error: "x" }, { status: 404 }),
    "http://127.0.0.1:8788 answered HTTP 400 and is not the simulator. npm run dev prints the simulator's address.":
      async () => new Response("x", { status: 400 }),
  };
  for (const [sentence, answer] of Object.entries(errors)) {
    const error = await asked(answer);
    expect([(error as Error).name, (error as Error).message]).toEqual(["Error", sentence]);
  }
});
