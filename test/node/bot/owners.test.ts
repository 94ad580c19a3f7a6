import { describe, expect, it } from "vitest";
import { owners } from "../../../src/bot/owners.ts";
import type { CacheKind } from "../../../src/cache/index.ts";
import type { Invocation } from "../../../src/runtime/index.ts";

type Asked = Parameters<typeof owners>[0];

/** Asks whether a person passes, where Discord tells this of the application. */
async function passes(id: string, application: unknown): Promise<boolean> {
  const services = {
    discord: { get: async () => application },
    cache: { of: () => ({ get: (_key: string, fetcher: () => unknown) => fetcher() }) },
  } as unknown as Invocation;
  return (await owners({ user: { id } } as Asked, services)) === undefined;
}

const member = (id: string, role: string, state = 2) => ({ user: { id }, role, membership_state: state });

describe("the owner's commands", () => {
  it("are the owner's of an application without a team", async () => {
    for (const team of [null, undefined]) {
      const application = { owner: { id: "1" }, team };
      expect([await passes("1", application), await passes("2", application)]).toEqual([true, false]);
    }
  });

  it("are those of a team's owner, admins and developers who accepted, and of no others", async () => {
    const team = {
      owner_user_id: "1",
      members: [
        member("1", ""),
        member("2", "admin"),
        member("3", "developer"),
        member("4", "read_only"),
        member("5", "admin", 1),
        member("6", "developer", 1),
        member("7", "admin", 3),
        member("8", ""),
      ],
    };
    const application = { owner: { id: "9" }, team };
    const ids = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const passing = await Promise.all(ids.map((id) => passes(id, application)));
    expect(ids.filter((_id, index) => passing[index])).toEqual(["1", "2", "3"]);
  });

  it("are none's where Discord tells of no owner, or the answer is missing", async () => {
    expect([await passes("1", {}), await passes("undefined", {})]).toEqual([false, false]);
    const cache = { of: () => ({ get: async () => undefined }) };
    const services = { discord: {}, cache } as unknown as Invocation;
    expect(await owners({ user: { id: "1" } } as Asked, services)).toBe("Only the bot's owner can do this.");
  });

  it("go by what Discord told within ten minutes, or within a day while it does not answer", async () => {
    const kinds: Pick<CacheKind<unknown>, "name">[] = [];
    const cache = {
      of(kind: CacheKind<unknown>) {
        kinds.push(kind);
        return { get: async () => ["1"] };
      },
    };
    await owners({ user: { id: "1" } } as Asked, { discord: {}, cache } as unknown as Invocation);
    expect(kinds).toEqual([expect.objectContaining({ name: "owners", ttlMs: 600_000, graceMs: 86_400_000 })]);
  });
});
