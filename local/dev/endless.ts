import { writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector";
import type { Finding } from "./commands.ts";

// A thread of read-commands.ts: stops the main thread where it is when it does not end, reports the place, ends the process.

const endlessAfterMs = 4_000;
const endAfterMs = 10_000;

setTimeout(() => {
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
}, endlessAfterMs);

// Keeps this thread alive, and ends code that cannot be stopped, also when nothing waits for it any more.
setTimeout(() => end({ endless: "" }), endAfterMs);

function end(finding: Finding): void {
  try {
    writeSync(3, JSON.stringify(finding));
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}
