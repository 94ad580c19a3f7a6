import type { Invocation } from "../runtime/index.ts";
import type { SessionHead } from "../sessions/index.ts";
import { commandTree, everywhere, feature, subcommand } from "./kit.ts";

/** Shows people the sessions the bot holds for them, and ends them. */
export const session = feature({
  name: "session",
  handlers: [
    commandTree({
      name: "session",
      description: "Your open sessions with this bot",
      ...everywhere,
      subcommands: {
        list: subcommand({
          description: "List your sessions and when they expire",
          ephemeral: true,
          async run({ user }, { sessions }) {
            const heads = await sessions.list(user.id);
            if (heads.length === 0) return "You have no sessions.";
            return [
              `**Your sessions** (${heads.length})`,
              ...heads.map(
                (head) =>
                  `${nameOf(head)}, started <t:${seconds(head.createdAt)}:R>, expires <t:${seconds(head.expiresAt)}:R> unless used`,
              ),
            ].join("\n");
          },
        }),
        end: subcommand({
          description: "End one of your sessions",
          ephemeral: true,
          options: [
            {
              type: "string",
              name: "session",
              description: "The session to end",
              required: true,
              autocomplete: async (typed, { user }, { sessions, clock }) =>
                choices(await sessions.list(user.id), typed, clock.now()),
            },
          ],
          async run({ options, user }, { sessions }: Invocation) {
            const isEnded = await sessions.end(user.id, options.session);
            return isEnded ? "Ended." : "You have no such session. `/session list` shows yours.";
          },
        }),
        "end-all": subcommand({
          description: "End all your sessions, on every device",
          ephemeral: true,
          async run({ user }, { sessions }) {
            await sessions.endAll(user.id);
            return "Ended all your sessions.";
          },
        }),
      },
    }),
  ],
});

// --- Internal helpers ---

/** The names of kinds in Discord. Kinds left out show their own name. */
const names: Readonly<Record<string, string>> = { setup: "Setting up a server" };

const nameOf = ({ kind }: SessionHead): string => names[kind] ?? kind;
const seconds = (at: number): number => Math.floor(at / 1_000);

/** Discord renders no timestamps in choices, so they say how many minutes ago. */
const choices = (heads: readonly SessionHead[], typed: string, now: number) =>
  heads
    .map((head) => ({
      name: `${nameOf(head)}, started ${Math.round((now - head.createdAt) / 60_000)} min ago`,
      value: head.id,
    }))
    .filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
