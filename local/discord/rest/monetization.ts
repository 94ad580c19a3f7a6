import { type APIEntitlement, SKUType } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { object, oneOf, snowflake, wrong } from "../validate/checks.ts";
import { isTrue, readCount, readFields, readId } from "./body.ts";

const guildOwner = 1;
const userOwner = 2;
const testPurchase = 4;
const newEntitlement = object({ sku_id: snowflake, owner_id: snowflake, owner_type: oneOf(guildOwner, userOwner) });

/** Returns the routes for SKUs and entitlements. https://docs.discord.com/developers/resources/entitlement */
export function monetizationRoutes({ world, applicationId, createId, clock }: Context): Hono {
  const app = new Hono();

  const find = (id: string): APIEntitlement => {
    const entitlement = world.entitlements.get(id);
    if (!entitlement) throw discordErrors.notFound();
    return entitlement;
  };
  const hasEnded = ({ ends_at }: APIEntitlement): boolean => Date.parse(String(ends_at)) <= clock.now();

  app.use("/applications/:application/*", async function ownOnly(c, next) {
    if (![applicationId, "@me"].includes(c.req.param("application"))) throw discordErrors.missingAccess();
    await next();
  });
  app.get("/applications/:application/skus", (c) => c.json(world.skus));
  app.get("/applications/:application/entitlements", (c) => {
    const { user_id, guild_id, sku_ids, exclude_ended, exclude_deleted, after, before } = c.req.query();
    const skus = sku_ids?.split(",");
    const found = [...world.entitlements.values()].filter(
      (one) =>
        (user_id === undefined || one.user_id === user_id) &&
        (guild_id === undefined || one.guild_id === guild_id) &&
        (!skus || skus.includes(one.sku_id)) &&
        BigInt(one.id) > readId(after) &&
        (before === undefined || BigInt(one.id) < readId(before)) &&
        !(isTrue(exclude_deleted ?? "true") && one.deleted) &&
        !(isTrue(exclude_ended) && hasEnded(one)),
    );
    return c.json(found.slice(0, readCount(c.req.query("limit"), 100, 100)));
  });
  app.post("/applications/:application/entitlements", async (c) => {
    const { sku_id, owner_id, owner_type } = await readFields(c, newEntitlement);
    if (!world.skus.some(({ id }) => id === String(sku_id))) {
      throw discordErrors.invalidForm(wrong("sku_id", "BASE_TYPE_CHOICES", "The application has no such SKU."));
    }
    const entitlement = {
      id: createId(),
      sku_id: String(sku_id),
      application_id: applicationId,
      [owner_type === guildOwner ? "guild_id" : "user_id"]: String(owner_id),
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
    if (world.skus.find(({ id }) => id === entitlement.sku_id)?.type !== SKUType.Consumable) {
      throw discordErrors.invalidForm(wrong("sku_id", "BASE_TYPE_CHOICES", "Only consumables can be consumed."));
    }
    world.entitlements.set(entitlement.id, { ...entitlement, consumed: true });
    return c.body(null, 204);
  });
  app.delete("/applications/:application/entitlements/:id", (c) => {
    const entitlement = find(c.req.param("id"));
    if (entitlement.type !== testPurchase) throw discordErrors.missingAccess();
    world.entitlements.delete(entitlement.id);
    return c.body(null, 204);
  });
  return app;
}
