import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { flagsOf, freePorts, kill } from "../support.ts";

const root = join(import.meta.dirname, "../../..");
const startMs = 60_000;

export interface DevWorld {
  /** The address of the playground. */
  url(): string;
  /** Sends JSON to the Worker, as another system that has its token. */
  post(path: string, body: object): Promise<Response>;
}

/** Runs the whole world of `npm run dev` for the tests of a file, on free ports. */
export function startDevWorld(isWanted: boolean): DevWorld {
  let child: ChildProcess | undefined;
  let url = "";
  let printed = "";
  let worker = { url: "", token: "" };
  beforeAll(async () => {
    if (!isWanted) return;
    const ports = await freePorts();
    child = spawn(process.execPath, ["local/dev.ts", ...flagsOf(ports)], { cwd: root, detached: true });
    const output = await untilReady(child, (text) => void (printed += text));
    const [, workerUrl = "", token = ""] = /Dashboard +(\S+)\/admin +token (\S+)/.exec(output) ?? [];
    worker = { url: workerUrl, token };
    url = `http://127.0.0.1:${ports.discord}`;
  }, startMs);
  // What went wrong in the world is not in the page.
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => void process.stderr.write(`npm run dev printed:\n${printed}\n`));
  });
  afterAll(async () => {
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child?.once("close", resolve));
    kill(child, "SIGTERM");
    await ended;
  });
  return {
    url: () => url,
    post: (path, body) =>
      fetch(worker.url + path, {
        method: "POST",
        headers: { Authorization: `Bearer ${worker.token}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
  };
}

// --- Internal helpers ---

/** Resolves with all that was printed. */
function untilReady(child: ChildProcess, onOutput: (text: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      const text = chunk.toString();
      output += text;
      onOutput(text);
      if (output.includes("Ctrl-C to stop")) resolve(output);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("close", (code) => reject(new Error(`npm run dev ended with ${code}:\n${output}`)));
  });
}
