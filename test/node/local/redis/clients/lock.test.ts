import { Lock } from "@upstash/lock";
import { Redis } from "@upstash/redis";
import { expect, it } from "vitest";
import { startServer, token } from "../support.ts";

async function locks() {
  const server = await startServer();
  const redis = new Redis({ url: server.url, token });
  const lock = (lease = 10_000) => new Lock({ id: "lock", lease, redis, retry: { attempts: 1, delay: 1 } });
  return { server, redis, lock };
}

it("lets one client acquire a lock, and the other after its release", async () => {
  const { lock } = await locks();
  const [one, two] = [lock(), lock()];
  expect(await one.acquire()).toBe(true);
  expect(await two.acquire()).toBe(false);
  expect(await one.getStatus()).toBe("ACQUIRED");
  expect(await two.release()).toBe(false);
  expect(await one.release()).toBe(true);
  expect(await two.acquire()).toBe(true);
  expect(await one.getStatus()).toBe("FREE");
});

it("extends the lock of its holder only", async () => {
  const { server, lock } = await locks();
  const [one, two] = [lock(), lock()];
  await one.acquire();
  const expiresAt = async () => Number((await server.command("PEXPIRETIME", "lock")).result);
  const before = await expiresAt();
  expect(await one.extend(20_000)).toBe(true);
  expect(await expiresAt()).toBeGreaterThan(before + 19_000);
  expect(await two.extend(20_000)).toBe(false);
});

it("bills a release for the calls inside its script", async () => {
  const { server, lock } = await locks();
  const one = lock();
  expect((await server.cost(() => one.acquire())).byCommand).toEqual({ SET: 1 });
  expect((await server.cost(() => one.release())).byCommand).toEqual({ DEL: 1, EVAL: 1, GET: 1 });
});
