import type { APIEntitlement } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors, required } from "../errors.ts";
import { isTrue, readBody } from "./body.ts";

interface NewEntitlement {
  sku_id?: string;
  owner_id?: string;
  owner_type?: number;
}

const guildOwner = 1;
const testPurchase = 4;

/** What the application sells, and to whom. https://docs.discord.com/developers/resources/entitlement */
export function monetizationRoutes({ world, applicationId, createId }: Context): Hono {
  const app = new Hono();

  const find = (id: string): APIEntitlement => {
    const entitlement = world.entitlements.get(id);
    if (!entitlement) throw discordErrors.notFound();
    return entitlement;
  };

  app.get("/applications/:application/skus", (c) => c.json(world.skus));
  app.get("/applications/:application/entitlements", (c) => {
    const { user_id, guild_id, sku_ids, exclude_ended, exclude_deleted } = c.req.query();
    const skus = sku_ids?.split(",");
    return c.json(
      [...world.entitlements.values()].filter(
        (one) =>
          (user_id === undefined || one.user_id === user_id) &&
          (guild_id === undefined || one.guild_id === guild_id) &&
          (!skus || skus.includes(one.sku_id)) &&
          !(isTrue(exclude_deleted ?? "true") && one.deleted) &&
          !(isTrue(exclude_ended) && one.ends_at),
      ),
    );
  });
  app.post("/applications/:application/entitlements", async (c) => {
    const { body } = await readBody<NewEntitlement>(c);
    const missing = (["sku_id", "owner_id", "owner_type"] as const).filter((name) => body?.[name] === undefined);
    if (missing.length > 0) throw discordErrors.invalidForm(...missing.map(required));
    const entitlement = {
      id: createId(),
      sku_id: String(body.sku_id),
      application_id: applicationId,
      [body.owner_type === guildOwner ? "guild_id" : "user_id"]: String(body.owner_id),
      type: testPurchase,
      deleted: false,
      consumed: false,
      starts_at: null,
      ends_at: null,
    } as unknown as APIEntitlement;
    world.entitlements.set(entitlement.id, entitlement);
    return c.json(entitlement);
  });
  app.get("/applications/:application/entitlements/:id", (c) => c.json(find(c.req.param("id"))));
  app.post("/applications/:application/entitlements/:id/consume", (c) => {
    const entitlement = find(c.req.param("id"));
    world.entitlements.set(entitlement.id, { ...entitlement, consumed: true });
    return c.body(null, 204);
  });
  app.delete("/applications/:application/entitlements/:id", (c) => {
    world.entitlements.delete(find(c.req.param("id")).id);
    return c.body(null, 204);
  });
  return app;
}
