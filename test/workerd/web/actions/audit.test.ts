import { describe, expect, it } from "vitest";
import { act } from "../../../../src/web/actions/actions.ts";
import { noteAction, readAudit } from "../../../../src/web/actions/audit.ts";

const entry = ["admin (abc)", "invalidate", "All of it.", 1];

/** Redis with an answer, and what it was asked. */
function createAnswering(answer: unknown) {
  const asked: unknown[][] = [];
  const exec = async (command: unknown[]) => {
    asked.push(command);
    return answer;
  };
  return { asked, services: { prefix: "t:", redis: { exec } } as unknown as Parameters<typeof readAudit>[0] };
}

describe("the audit", () => {
  it("reads the newest entries, each with its time", async () => {
    const { asked, services } = createAnswering([["1700000000000-3", ["e", JSON.stringify(entry)]]]);
    expect(await readAudit(services, 12)).toEqual([
      {
        id: "1700000000000-3",
        at: 1_700_000_000_000,
        who: "admin (abc)",
        action: "invalidate",
        text: "All of it.",
        count: 1,
      },
    ]);
    expect(asked).toEqual([["XREVRANGE", "t:a:audit", "+", "-", "COUNT", 12]]);
  });

  it("is empty before the first action", async () => {
    for (const none of [null, []]) expect(await readAudit(createAnswering(none).services, 1)).toEqual([]);
  });

  it("leaves out what cannot be read", async () => {
    const damaged = [
      "{",
      "7",
      "null",
      ...entry.map((_field, index) => JSON.stringify([...entry.slice(0, index), null, ...entry.slice(index + 1)])),
    ].map((text) => ["1-1", ["e", text]]);
    const rows = [...damaged, ["1-2", ["e"]], ["1-3", ["e", JSON.stringify(entry)]]];
    expect((await readAudit(createAnswering(rows).services, 9)).map(({ id }) => id)).toEqual(["1-3"]);
  });

  it("keeps about a thousand entries, for ninety days", async () => {
    const { asked, services } = createAnswering("5-0");
    const [who = "", action = "", text = ""] = entry as string[];
    expect(await noteAction(services, { who, action, text, count: 1 })).toBe("5-0");
    expect(asked).toEqual([
      ["XADD", "t:a:audit", "MAXLEN", "~", 1_000, "*", "e", JSON.stringify(entry)],
      ["PEXPIRE", "t:a:audit", 7_776_000_000],
    ]);
  });
});

describe("an action that fails", () => {
  /** Fails an action whose audit entry takes this long: what the audit was told, and the error. */
  async function fail(explain: string | undefined, noting: () => Promise<unknown>) {
    const told: unknown[] = [];
    const services = {
      prefix: "t:",
      redis: {
        async exec([name, ...rest]: string[]) {
          await noting();
          if (name === "XADD") told.push(JSON.parse(String(rest.at(-1))));
          return "5-0";
        },
      },
      jobs: { get: () => Promise.reject(new Error("no answer")) },
      explain: () => explain,
    } as unknown as Parameters<typeof act>[0];
    const error = await act(services, "token", "run-job", { id: "a" }).catch((reason: unknown) => reason);
    return { told: [...told], error: (error as Error).message };
  }

  it("is in the audit with its reason before it is told", async () => {
    const text = (reason: string) => `Failed, perhaps half-way: ${reason}`;
    const soon = () => new Promise((resolve) => setTimeout(resolve, 1));
    expect(await fail("Redis is full.", soon)).toEqual({
      told: [["token", "run-job", text("Redis is full."), 0]],
      error: "no answer",
    });
    expect((await fail(undefined, soon)).told).toEqual([["token", "run-job", text("the log says why"), 0]]);
  });

  it("is told as it is where the audit fails as well", async () => {
    const broken = () => Promise.reject(new Error("no audit"));
    expect(await fail(undefined, broken)).toEqual({ told: [], error: "no answer" });
  });
});
