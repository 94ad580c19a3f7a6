import * as v from "valibot";
import { expect, it } from "vitest";
import { createConnection, createRedisState, RedisUnknownOutcomeError } from "../../../src/redis/index.ts";
import { createSessions, sessionKind } from "../../../src/sessions/index.ts";
import { createDatabase } from "../../support/database.ts";
import { createTestIsolate } from "./support.ts";

// A write loses its reply, and a replica that is behind answers the read after it.

const notes = sessionKind({ name: "notes", schema: v.array(v.string()) });

it.each([
  { others: 3, becomes: "acknowledged" },
  { others: 20, becomes: "unknown" },
])(
  "applies an update once when a replica has missed it and $others more, and calls it $becomes",
  async ({ others, becomes }) => {
    const database = createDatabase();
    const { invocation } = createTestIsolate({ database });
    const { id } = await invocation().store(notes).create([], { owner: "ada" });
    const ref = { id, owner: "ada" };
    const { commands } = createConnection({ ...database, state: createRedisState() });
    const before = await commands.get<string>(`t:s:${id}`);
    let isLost = false;
    let isBehind = false;
    const redis = new Proxy(commands, {
      get(target, name) {
        if (name === "get" && isBehind) {
          isBehind = false;
          return async () => before;
        }
        if (name !== "exec" || isLost) return Reflect.get(target, name);
        return async (command: [string, ...string[]]) => {
          await target.exec(command);
          isLost = true;
          isBehind = true;
          for (let other = 0; other < others; other++) {
            await invocation()
              .store(notes)
              .update(ref, (list) => [...list, `other ${other}`]);
          }
          throw new RedisUnknownOutcomeError("SET", new Error("the reply was lost"));
        };
      },
    });
    const sessions = createSessions({ redis: () => redis, prefix: "t:", waitUntil: () => {} });
    const done = await sessions
      .store(notes)
      .update(ref, (list) => [...list, "mine"])
      .then(
        () => "acknowledged",
        (error: unknown) => (error instanceof RedisUnknownOutcomeError ? "unknown" : error),
      );
    const found = await invocation().store(notes).get(ref);
    expect(found?.data.filter((note) => note === "mine")).toHaveLength(1);
    expect(done).toBe(becomes);
  },
);
