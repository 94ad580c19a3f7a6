import { writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector";
import type { Finding } from "./commands.ts";

// A thread of read-commands.ts: stops the main thread where it is when it does not end, reports the place, ends the process.

/** Of the processor's time: on a busy machine, code that ends takes long as well. */
const endlessAfterCpuMs = 4_000;
/** Code may also wait without an end, and take no time of the processor. */
const endlessAfterMs = 20_000;
/** How long the main thread has to stop. */
const stopWithinMs = 5_000;
const lookMs = 100;

const startedAt = performance.now();
// Keeps this thread alive.
const looking = setInterval(() => {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1_000 < endlessAfterCpuMs && performance.now() - startedAt < endlessAfterMs) return;
  clearInterval(looking);
  stopAndReport();
}, lookMs);

function stopAndReport(): void {
  // Ends code that cannot be stopped, also when nothing waits for it any more.
  setTimeout(() => end({ endless: "" }), stopWithinMs);
  const session = new Session();
  session.connectToMainThread();
  /** The frames below name their script by its id alone. */
  const urls = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }: { params: Debugger.ScriptParsedEventDataType }) => {
    urls.set(params.scriptId, params.url);
  });
  session.once("Debugger.paused", ({ params }: { params: Debugger.PausedEventDataType }) => {
    const places = params.callFrames.map(
      ({ location: { scriptId, lineNumber, columnNumber = 0 } }) =>
        `${urls.get(scriptId)}:${lineNumber + 1}:${columnNumber + 1}`,
    );
    end({ endless: places.join("\n") });
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

function end(finding: Finding): void {
  try {
    writeSync(3, JSON.stringify(finding));
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}
