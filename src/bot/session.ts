import type { Invocation } from "../runtime/index.ts";
import type { SessionHead } from "../sessions/index.ts";
import { commandTree, everywhere, feature, subcommand } from "./kit.ts";

/** What the bot keeps for somebody for a while: theirs to see and to end. */
export const session = feature({
  name: "session",
  handlers: [
    commandTree({
      name: "session",
      description: "What the bot keeps for you for a while",
      ...everywhere,
      subcommands: {
        list: subcommand({
          description: "Your sessions, and when they end",
          ephemeral: true,
          async run({ user }, { sessions }) {
            const heads = await sessions.list(user.id);
            if (heads.length === 0) return "You have no sessions.";
            return [
              `**Your sessions** (${heads.length})`,
              ...heads.map(
                (head) =>
                  `${nameOf(head)}, begun <t:${seconds(head.createdAt)}:R>, ends <t:${seconds(head.expiresAt)}:R> unless used`,
              ),
            ].join("\n");
          },
        }),
        end: subcommand({
          description: "Ends one of your sessions",
          ephemeral: true,
          options: [
            {
              type: "string",
              name: "session",
              description: "Which",
              required: true,
              autocomplete: async (typed, { user }, { sessions, clock }) =>
                choices(await sessions.list(user.id), typed, clock.now()),
            },
          ],
          async run({ options, user }, { sessions }: Invocation) {
            const isEnded = await sessions.end(user.id, options.session);
            return isEnded ? "Ended." : "You have no such session. `/session list` shows those you have.";
          },
        }),
        "end-all": subcommand({
          description: "Ends all your sessions, wherever they are open",
          ephemeral: true,
          async run({ user }, { sessions }) {
            await sessions.endAll(user.id);
            return "All your sessions are ended.";
          },
        }),
      },
    }),
  ],
});

// --- Internal helpers ---

/** Kinds of sessions as people know them. */
const names: Readonly<Record<string, string>> = { setup: "Setting up a server" };

const nameOf = ({ kind }: SessionHead): string => names[kind] ?? kind;
const seconds = (at: number): number => Math.floor(at / 1_000);

/** Choices show no timestamps as messages do, so that they say how long ago. */
const choices = (heads: readonly SessionHead[], typed: string, now: number) =>
  heads
    .map((head) => ({
      name: `${nameOf(head)}, begun ${Math.round((now - head.createdAt) / 60_000)} min ago`,
      value: head.id,
    }))
    .filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
