import {
  createRest,
  createRestState,
  createRouter,
  type Declared,
  type Outgoing,
  type RouterOptions,
  type RouterServices,
} from "../../../../src/discord/index.ts";
import { createTestBot } from "../../../support/bot.ts";
import { createFakeClock, settle } from "../../../support/clock.ts";

export const description = "For a test";
export const robin = { id: "1100000000000000015", username: "robin", discriminator: "0", avatar: null };
const roles = { "1100000000000000101": { id: "1100000000000000101", name: "Crew" } };
const channels = { "1100000000000000111": { id: "1100000000000000111", name: "general", type: 0, permissions: "0" } };
const attachments = { "77": { id: "77", filename: "a.txt", size: 3, url: "https://cdn.test/a.txt" } };
export const resolved = {
  users: { [robin.id]: robin },
  members: { [robin.id]: { roles: [] } },
  roles,
  channels,
  attachments,
};

/** Returns the whole Worker's answer to a payload. */
export const answer = async (handlers: Parameters<typeof createTestBot>[0], payload: object) =>
  (await (await createTestBot(handlers)).interact(payload)).body;

/** A router whose time is moved by hand, and what it sends to Discord after its answers. */
export function createTimedBot(
  handlers: readonly Declared<RouterServices>[],
  more: Partial<RouterOptions<RouterServices>> = {},
) {
  const clock = createFakeClock(Date.parse("2026-06-01T12:00:00Z"));
  const sent: { at: number; call: string; body: Record<string, unknown> | undefined }[] = [];
  const failures: unknown[] = [];
  const startedAt = clock.now();
  const works: Promise<unknown>[] = [];
  const answers: Response[] = [];
  const services: RouterServices = {
    clock,
    waitUntil: (work) => void works.push(work),
    discord: createRest({
      baseUrl: "http://discord.test/api",
      applicationId: "1",
      state: createRestState(),
      clock,
      async fetch(input, init) {
        const body = init?.body ? (JSON.parse(init.body as string) as Record<string, unknown>) : undefined;
        const call = `${init?.method} ${(input as URL).pathname.replace(/token-\d+/, ":token")}`;
        sent.push({ at: clock.now() - startedAt, call, body });
        const canned = answers.shift();
        if (canned) return canned;
        return body ? Response.json({ id: "1" }) : new Response(null, { status: 204 });
      },
    }),
  };
  const onError = (error: unknown) => {
    failures.push(error);
    return "ref";
  };
  const router = createRouter<RouterServices>({ handlers, onError, ...more });
  return {
    clock,
    sent,
    works,
    /** The answers of Discord to the next calls; without one it does what it is asked. */
    answers,
    /** The failures that were reported. */
    failures,
    /** Sends an interaction, and lets it go on until it waits. */
    async ask(payload: object) {
      const seen: { answer?: Outgoing } = {};
      void Promise.resolve(router(payload as never, services)).then((answer) => (seen.answer = answer));
      await settle();
      return seen;
    },
  };
}
