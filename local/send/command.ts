import { createCommand, readUrl } from "../command-line.ts";
import type { Transcript } from "../discord/index.ts";
import { readAction } from "./action.ts";
import { ask } from "./ask.ts";
import { showTranscript } from "./show.ts";
import { typedLine } from "./typed-line.ts";

// `npm run send`: one action of a person in the running simulator, and what that person sees.

const usage = String.raw`Usage: npm run send -- '/command option:value' [options]
       npm run send -- --click LABEL [options]

Acts as a person in the simulated Discord of npm run dev, and prints what that person sees.
In cmd.exe and PowerShell, double quotes do what single ones do here.

Actions, one at a time:
  '/remind me about:tea in:10m'
                            run a slash command
  '/help command:p' --complete
                            list the choices that Discord offers for the last option
  --click LABEL             click a button
  --select A,B              choose in a menu; '' chooses nothing
  --submit FIELD=TEXT       fill in the open form and submit it; give it once per field, with \n for a line break
  --user-command NAME       run a command from the context menu of a user (see --target)
  --message-command NAME    run a command from the context menu of a message (see --on)
  --file FILE               sign and send the payload in a JSON file as it is

Options:
  --on ID            the message to act on                          (default: the last one that has the button or a menu)
  --target USER      the user to act on                             (default: ada)
  --as USER          who acts: ada, grace.h, linus, mei_lin, robin or stranger
                                                                    (default: ada)
  --in CHANNEL       where: #name, a channel's ID, dm or group-dm   (default: #general)
  --locale LOCALE    the person's language                          (default: en-US)
  --json             print the Worker's answer as JSON
  --simulator URL    the simulator                                  (default: http://127.0.0.1:8788)
  -h, --help         print this help
`;

export const send = createCommand({
  usage,
  allowPositionals: true,
  options: {
    complete: { type: "boolean", default: false },
    click: { type: "string" },
    select: { type: "string" },
    submit: { type: "string", multiple: true },
    "user-command": { type: "string" },
    "message-command": { type: "string" },
    file: { type: "string" },
    on: { type: "string" },
    target: { type: "string" },
    as: { type: "string" },
    in: { type: "string" },
    locale: { type: "string" },
    json: { type: "boolean", default: false },
    simulator: { type: "string", default: "http://127.0.0.1:8788" },
  },
  async run({ values, positionals }, { out }) {
    const simulator = readUrl("--simulator", values.simulator);
    const order = {
      ...readAction(values, typedLine(positionals.join(" "))),
      user: values.as,
      channel: values.in,
      locale: values.locale,
    };
    const transcript = await ask<Transcript>(`${simulator}/simulator/interactions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(order),
    });
    const { names } = await ask<{ names: Record<string, string> }>(`${simulator}/simulator`);
    const shown = values.json
      ? JSON.stringify(transcript.body, null, 2)
      : showTranscript(transcript, { names, now: Date.now() });
    out(`${shown}\n`);
    return transcript.problems.length > 0 ? 1 : 0;
  },
});
