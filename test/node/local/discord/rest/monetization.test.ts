import { expect, it } from "vitest";
import { startRest } from "../support.ts";

const base = "/applications/1100000000000000001";
const [durable, consumable, subscription] = ["1100000000000000301", "1100000000000000302", "1100000000000000303"];
const [harbour, ada, grace] = ["1100000000000000100", "1100000000000000011", "1100000000000000012"];

/** Returns a simulator in which a server, Ada (twice) and Grace own something; each entitlement by a name. */
async function startShop() {
  const rest = startRest();
  const buy = async (sku_id: string | undefined, owner_id: string, owner_type: number) =>
    (await rest.api("POST", `${base}/entitlements`, { sku_id, owner_id, owner_type })).body;
  const owned = {
    server: await buy(subscription, harbour, 1),
    durable: await buy(durable, ada, 2),
    worms: await buy(consumable, ada, 2),
    graces: await buy(durable, grace, 2),
  };
  const names = new Map(Object.entries(owned).map(([name, { id }]) => [id, name]));
  const list = async (query = "") =>
    (await rest.api("GET", `${base}/entitlements${query}`)).body.map(({ id }: { id: string }) => names.get(id));
  const change = (name: keyof typeof owned, more: object) => {
    const { entitlements } = rest.simulator.world;
    entitlements.set(owned[name].id, { ...owned[name], ...more });
  };
  return { ...rest, owned, list, change };
}

it("sells to a server and to a person", async () => {
  const { owned } = await startShop();
  const common = {
    application_id: "1100000000000000001",
    type: 4,
    deleted: false,
    consumed: false,
    starts_at: null,
    ends_at: null,
  };
  expect(owned.server).toEqual({ ...common, id: expect.any(String), sku_id: subscription, guild_id: harbour });
  expect(owned.worms).toEqual({ ...common, id: expect.any(String), sku_id: consumable, user_id: ada });
});

it("lists what is owned, by owner, product, age and end", async () => {
  const { list, change, owned, clock } = await startShop();
  const all = ["server", "durable", "worms", "graces"];
  expect(await list()).toEqual(all);
  expect(await list(`?user_id=${ada}`)).toEqual(["durable", "worms"]);
  expect(await list(`?guild_id=${harbour}`)).toEqual(["server"]);
  expect(await list(`?sku_ids=${durable},${subscription}`)).toEqual(["server", "durable", "graces"]);
  expect(await list(`?sku_ids=${durable}&user_id=${ada}`)).toEqual(["durable"]);
  expect(await list(`?after=${owned.durable.id}`)).toEqual(["worms", "graces"]);
  expect(await list("?after=x")).toEqual(all);
  expect(await list(`?before=${owned.worms.id}`)).toEqual(["server", "durable"]);
  expect(await list("?limit=2")).toEqual(["server", "durable"]);
  expect(await list("?limit=0")).toEqual(["server"]);
  expect(await list("?limit=x")).toEqual(all);

  change("durable", { deleted: true });
  expect(await list()).toEqual(["server", "worms", "graces"]);
  expect(await list("?exclude_deleted=false")).toEqual(all);

  // Each request is a second later.
  change("worms", { ends_at: new Date(clock.now() + 2_000).toISOString() });
  expect(await list("?exclude_ended=1")).toEqual(["server", "worms", "graces"]);
  expect(await list("?exclude_ended=True")).toEqual(["server", "graces"]);
  expect(await list("?exclude_ended=no")).toEqual(["server", "worms", "graces"]);
});

it("lists a hundred at most", async () => {
  const { api, simulator, owned } = await startShop();
  for (let index = 0; index < 120; index++) {
    const id = simulator.createId();
    simulator.world.entitlements.set(id, { ...owned.server, id });
  }
  expect((await api("GET", `${base}/entitlements`)).body).toHaveLength(100);
  expect((await api("GET", `${base}/entitlements?limit=150`)).body).toHaveLength(100);
  expect((await api("GET", `${base}/entitlements?limit=99`)).body).toHaveLength(99);
});

it("consumes a consumable, and nothing else", async () => {
  const { api, owned, simulator } = await startShop();
  const consume = (id: string) => api("POST", `${base}/entitlements/${id}/consume`);
  expect((await consume(owned.worms.id)).status).toBe(204);
  expect((await api("GET", `${base}/entitlements/${owned.worms.id}`)).body).toEqual({ ...owned.worms, consumed: true });
  expect(await consume(owned.durable.id)).toMatchObject({
    status: 400,
    body: { errors: { sku_id: { _errors: [{ code: "BASE_TYPE_CHOICES" }] } } },
  });
  expect(simulator.world.entitlements.get(owned.durable.id)).toMatchObject({ consumed: false });
});

it("deletes a test purchase, and no other", async () => {
  const { api, owned, change, list } = await startShop();
  change("graces", { type: 1 });
  expect((await api("DELETE", `${base}/entitlements/${owned.worms.id}`)).status).toBe(204);
  expect(await api("DELETE", `${base}/entitlements/${owned.graces.id}`)).toMatchObject({
    status: 403,
    body: { code: 50_001 },
  });
  expect(await api("DELETE", `${base}/entitlements/${owned.worms.id}`)).toMatchObject({
    status: 404,
    body: { code: 0 },
  });
  expect(await list()).toEqual(["server", "durable", "graces"]);
});

it("lists the products, under the application's own ID alone", async () => {
  const { api } = startRest();
  const names = ["Golden feathers", "A handful of worms", "Sandpiper Plus"];
  for (const application of ["1100000000000000001", "@me"]) {
    const { body } = await api("GET", `/applications/${application}/skus`);
    expect(body.map(({ name }: { name: string }) => name)).toEqual(names);
  }
  expect(await api("GET", "/applications/1100000000000000002/skus")).toMatchObject({
    status: 403,
    body: { code: 50_001 },
  });
});

it.each([
  [{ sku_id: "5", owner_id: "1", owner_type: 1 }, { sku_id: { _errors: [{ code: "BASE_TYPE_CHOICES" }] } }],
  [{ sku_id: durable, owner_id: "1", owner_type: 3 }, { owner_type: { _errors: [{ code: "BASE_TYPE_CHOICES" }] } }],
  [{ sku_id: durable, owner_id: "1", owner_type: 0 }, { owner_type: { _errors: [{ code: "BASE_TYPE_CHOICES" }] } }],
  [{ sku_id: durable, owner_type: 1 }, { owner_id: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } }],
  [{ owner_id: "1", owner_type: 1 }, { sku_id: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } }],
])("refuses to sell %j", async (body, errors) => {
  const { api, simulator } = startRest();
  expect(await api("POST", `${base}/entitlements`, body)).toMatchObject({
    status: 400,
    body: { code: 50_035, errors },
  });
  expect(simulator.world.entitlements.size).toBe(0);
});
