import { describe, expect, it } from "vitest";
import type { Cache } from "../../../src/cache/index.ts";
import type { InteractionEntities } from "../../../src/entities/interaction.ts";
import { createInteractionMemory } from "../../../src/entities/remember.ts";

// What is told to the cache, which says that it has some entities in L1.

function createMemory(local: readonly string[] = []) {
  const told: string[] = [];
  const works: Promise<unknown>[] = [];
  const cache = {
    isLocal: ({ name }: { name: string }, id: string) => local.includes(`${name} ${id}`),
    of: ({ name }: { name: string }) => ({
      remember(entities: ReadonlyMap<string, unknown>) {
        const ids = [...entities.keys()].map((id) => `${name} ${id}`);
        told.push(...ids);
        return () => void told.push(...ids.map((id) => `share ${id}`));
      },
    }),
  } as unknown as Cache;
  const memory = createInteractionMemory(cache, (work) => void works.push(work));
  return { memory, told, works };
}

const person = { id: "3", username: "ada", discriminator: "0", avatar: null, global_name: null };
const member = { user: person, roles: [], joined_at: "2026-01-01T00:00:00Z" };
const channel = { id: "2", type: 0, name: "general", position: 0, parent_id: null };
const here = { guild_id: "1", member, channel } as unknown as InteractionEntities;
const inPerson = { user: person, channel } as unknown as InteractionEntities;
const all = ["user 3", "member 1:3", "channel 1:2"];

describe("the entities that an interaction carries", () => {
  it("are in L1 after the turn, and shared once, with the first read", async () => {
    const { memory, told, works } = createMemory();
    memory.take(here);
    expect([told, works.length]).toEqual([[], 1]);
    await Promise.all(works);
    expect(told).toEqual(all);
    memory.share();
    memory.share();
    expect(told).toEqual([...all, ...all.map((id) => `share ${id}`)]);
  });

  it("are in L1 before the turn is over where they are read", async () => {
    const { memory, told, works } = createMemory();
    memory.take(here);
    memory.share();
    await Promise.all(works);
    expect(told).toEqual([...all, ...all.map((id) => `share ${id}`)]);
  });

  it.each<[string, InteractionEntities, readonly string[], boolean]>([
    ["all of a server's are", here, all, true],
    ["the person is not", here, all.slice(1), false],
    ["the membership is not", here, ["user 3", "channel 1:2"], false],
    ["the channel is not", here, all.slice(0, 2), false],
    ["those of a direct message are", inPerson, ["user 3", "channel :2"], true],
    ["those of a direct message are not", inPerson, ["channel :2"], false],
    ["the person is, and no channel is told whole", { user: person, channel: { id: "2" } }, ["user 3"], true],
    ["options name others", { ...here, data: { resolved: {} } }, all, false],
    ["options name none", { ...here, data: { name: "ping" } }, all, true],
    ["there are no options", { ...here, data: null } as unknown as InteractionEntities, all, true],
    ["its data is a text", { ...here, data: "resolved" } as unknown as InteractionEntities, all, true],
    ["it is of no person", {}, [...all, "user "], true],
    ["it is of no person, and none is known", {}, all, false],
  ])("are looked at again unless L1 has them: %s", async (_title, interaction, local, isKnown) => {
    const { memory, works } = createMemory(local);
    memory.take(interaction);
    expect(works).toHaveLength(isKnown ? 0 : 1);
    await Promise.all(works);
  });
});
