import { describe, expect, it } from "vitest";
import { ids, startTown } from "../support.ts";

// What is cached lives as long as its kind says, and not up to a tenth more or less.
const town = await startTown({ random: () => 0.5 });
const owner = "1100000000000000011";
const notes = () => town.redisCommand("XREVRANGE", "sp:b:main", "+", "-");

describe("/cluster", () => {
  it("shows the instances to anyone, for their eyes only", async () => {
    const shown = await town.as("robin").command("/cluster");
    expect(shown.text).not.toContain("could not be read");
    expect([shown.isEphemeral, shown.text]).toEqual([
      true,
      expect.stringMatching(/No instance leads|leads under token/),
    ]);
  });
});

describe("/broadcast", () => {
  const { world } = town.discord;
  const refused = "Only the bot's owner can do this.";
  const order = async (user: string) => (await town.as(user).command(`/broadcast order:note note:from ${user}`)).text;
  const team = (...members: { id: string; role: string; membership_state: number }[]) =>
    ({
      id: "1",
      name: "Crew",
      icon: null,
      owner_user_id: owner,
      members: members.map(({ id, ...more }) => ({ ...more, team_id: "1", permissions: ["*"], user: { id } })),
    }) as unknown as typeof world.team;

  it("takes orders from the application's owner only, and gives an order that is delivered twice once", async () => {
    expect(await order("grace.h")).toContain(refused);
    expect(JSON.stringify(await notes())).not.toContain("from grace.h");
    expect(await order("ada")).toContain("Every instance carries it out");
    expect(JSON.stringify(await notes())).toContain("from ada");
  });

  it("gives an order later, and once, where another instance leads at the moment", async () => {
    const [lease = ""] = (await town.redisCommand("KEYS", "sp:l:*")) as string[];
    const key = lease === "" ? "sp:l:main" : lease;
    await town.redisCommand("SET", key, "another:99", "PX", 20_000);
    expect(await order("ada")).toContain("Another instance leads at the moment.");
    const given = async () => JSON.stringify(await notes()).split("from ada").length - 1;
    const before = await given();
    await town.pass(10_000);
    expect(await given()).toBe(before);
    await town.pass(2 * 60_000);
    expect(await given()).toBe(before + 1);
  });

  it("takes orders from a team's owner, admins and developers who accepted the invitation, and from no others", async () => {
    world.team = team(
      { id: ids.ada, role: "read_only", membership_state: 2 },
      { id: ids.grace, role: "developer", membership_state: 2 },
      { id: ids.linus, role: "admin", membership_state: 1 },
      { id: "1100000000000000014", role: "read_only", membership_state: 2 },
    );
    // The owners that were asked for before count for ten minutes.
    await town.pass(7 * 60_000);
    for (let time = 0; time < 2; time++) {
      expect(await order("grace.h")).toContain(refused);
      await town.pass(1_000);
    }
    await town.pass(3 * 60_000);
    // Ada is asked to be the one who renews what is known.
    await order("ada");
    await town.pass(1_000);
    expect(await order("ada")).toContain("Every instance carries it out");
    expect(await order("grace.h")).toContain("Every instance carries it out");
    for (const user of ["linus", "mei_lin", "robin"]) expect(await order(user)).toContain(refused);
  });

  it("takes orders from no person who owned the application before a team did, and is not in it", async () => {
    world.team = team({ id: ids.grace, role: "admin", membership_state: 2 });
    await town.pass(11 * 60_000);
    await order("ada");
    await town.pass(1_000);
    expect(await order("ada")).toContain(refused);
  });
});
