import { readFileSync } from "node:fs";
import { createCommand, readPort, readUrl, UsageError } from "../command-line.ts";
import { createDiscordSimulator, DiscordError, type Simulator } from "../discord/index.ts";
import { readIdentity } from "./identity.ts";
import { createPlayground, createWorldClock } from "./server/index.ts";

// `npm run playground`: Discord in a browser tab for a bot of any framework.

const host = "127.0.0.1";
const usage = `Usage: npm run playground -- --worker URL [options]

Serves a simulated Discord and its playground for a bot that runs already, whatever it is written with. Prints the
public key, token and API address to configure the bot with. The bot registers its commands with that API, as it does
with Discord's.

Options:
  --worker URL       where the bot takes interactions, such as http://127.0.0.1:3000/interactions
  --keys FILE        keeps the public key and the token in a file, so that the next start has the same
  --commands FILE    registers the commands in a JSON file, for a bot that does not do so
  --port PORT        the playground           (default: 8788)
  -h, --help         print this help
`;

interface Options {
  worker: string;
  keys: string | undefined;
  commands: string | undefined;
  port: number;
}

async function start({ worker, keys: keysFile, commands, port }: Options): Promise<void> {
  const clock = createWorldClock();
  const { keys, botToken } = readIdentity(keysFile);
  const discord = createDiscordSimulator({ interactionsUrl: worker, clock, keys, botToken });
  if (commands !== undefined) register(discord, commands);
  const playground = createPlayground({ simulator: discord, clock });
  discord.app.route("/", playground.app);
  await playground.prepare();
  const served = await discord.serve({ host, port });
  const api = `${served.url}/api/v10`;
  process.stdout.write(`
  Playground  ${served.url}

Configure the bot at ${worker} with:

  application id  ${discord.applicationId}
  public key      ${discord.publicKey}
  bot token       ${discord.botToken}
  Discord's API   ${api}

${
  commands === undefined
    ? `Then register its commands: PUT ${api}/applications/${discord.applicationId}/commands\n`
    : ""
}${keysFile === undefined ? "The key and the token are new at every start; --keys FILE keeps them.\n" : ""}Press Ctrl-C to stop.
`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      playground.close();
      void served.close().then(() => process.exit(0));
    });
  }
}

/** Registers the commands in a file. Throws a `UsageError` that names each field that Discord refuses. */
function register(discord: Simulator, file: string): void {
  let declarations: unknown;
  try {
    declarations = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new UsageError(`--commands takes a JSON file; ${file} cannot be read as one.`, { cause });
  }
  if (!Array.isArray(declarations)) throw new UsageError(`--commands takes a list of commands; ${file} holds none.`);
  try {
    discord.registerCommands(declarations);
  } catch (cause) {
    if (!(cause instanceof DiscordError)) throw cause;
    const fields = cause.fields.map(({ path, message }) => `\n  ${path}: ${message}`).join("");
    throw new UsageError(`Discord refuses the commands in ${file}: ${cause.message}${fields}`, { cause });
  }
}

export const playground = createCommand({
  usage,
  options: {
    worker: { type: "string" },
    keys: { type: "string" },
    commands: { type: "string" },
    port: { type: "string", default: "8788" },
  },
  async run({ values }) {
    if (values.worker === undefined) throw new UsageError(`--worker is missing.\n\n${usage.trimEnd()}`);
    await start({
      worker: readUrl("--worker", values.worker),
      keys: values.keys,
      commands: values.commands,
      port: readPort("--port", values.port),
    });
  },
});
