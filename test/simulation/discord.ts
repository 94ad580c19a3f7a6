import type { Isolate } from "./isolate.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** Discord, as far as jobs are seen there: messages, each nonce once while it is remembered. */
export interface Discord {
  /** Posts a message, as from an isolate; fails as it may, before or after the message appeared. */
  post(isolate: Isolate, nonce: string, content: string): Promise<void>;
  readonly messages: readonly { at: number; content: string }[];
}

/** "In the past few minutes", says its documentation. */
const rememberedMs = 5 * 60_000;

export function createDiscord(world: World, random: Random, failing: () => number): Discord {
  const messages: { at: number; content: string }[] = [];
  const nonces = new Map<string, number>();
  return {
    messages,
    post: (isolate, nonce, content) =>
      new Promise((resolve, reject) => {
        const at = isolate.atOfThisLife();
        const isLost = random.chance(failing());
        const isReplyLost = random.chance(failing());
        const arriveAt = world.now() + random.between(20, 300);
        const backMs = random.between(20, random.chance(failing()) ? 4_000 : 300);
        world.at(arriveAt, () => {
          const seenAt = nonces.get(nonce);
          const isNew = seenAt === undefined || world.now() - seenAt > rememberedMs;
          if (!isLost && isNew) {
            nonces.set(nonce, world.now());
            messages.push({ at: world.now(), content });
            world.note("discord", `shows "${content}"`);
          }
          at(world.now() + backMs, () => {
            if (isLost || isReplyLost) reject(new Error("Discord did not answer"));
            else resolve();
          });
        });
      }),
  };
}
