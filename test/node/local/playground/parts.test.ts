import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readIdentity } from "../../../../local/playground/identity.ts";
import { createJournal } from "../../../../local/playground/server/journal.ts";
import { createLogReader } from "../../../../local/playground/server/log-lines.ts";
import { createWorldClock } from "../../../../local/playground/server/world-clock.ts";

describe("the world's clock", () => {
  it("shows the machine's time, and moves ahead of it", () => {
    let machine = 1_000;
    const clock = createWorldClock(() => machine);
    expect([clock.now(), clock.aheadMs()]).toEqual([1_000, 0]);
    clock.move(60_000);
    machine = 2_000;
    expect([clock.now(), clock.aheadMs()]).toEqual([62_000, 60_000]);
  });

  it("wakes what sleeps until then, in order, and lets the others sleep for the rest", async () => {
    const clock = createWorldClock();
    const woken: string[] = [];
    const sleep = (name: string, ms: number) => clock.sleep(ms).then(() => woken.push(name));
    const [late, early, rest] = [sleep("late", 3_000), sleep("early", 2_000), sleep("rest", 5_020)];
    clock.move(5_000);
    await Promise.all([late, early]);
    expect(woken).toEqual(["early", "late"]);
    await rest;
  });

  it("ends a sleep that is aborted", async () => {
    const clock = createWorldClock();
    const abort = new AbortController();
    const slept = clock.sleep(60_000, abort.signal);
    abort.abort();
    await slept;
    await clock.sleep(60_000, abort.signal);
  });
});

describe("the Worker's log", () => {
  it("is read line by line, by its marks", () => {
    let now = 0;
    const read = createLogReader(() => now);
    expect(read("[wrangler:info] Ready")).toEqual({ shown: "[wrangler:info] Ready" });
    expect(read("⟦123⟧ hello")).toEqual({ shown: "hello", line: { exchange: "123", level: "log", text: "hello" } });
    expect(read("  and more")).toEqual({
      shown: "  and more",
      line: { exchange: "123", level: "log", text: "  and more" },
    });
    expect(read("POST /interactions 200 in 12 ms")).toEqual({ shown: "POST /interactions 200 in 12 ms" });
    now = 1_000;
    expect(read("from elsewhere")).toEqual({ shown: "from elsewhere" });
    const red = "\u001B[31m✘ \u001B[41m[ERROR]\u001B[0m ⟦cron-9⟧ oh";
    expect(read(red)).toEqual({
      shown: red.replace("⟦cron-9⟧ ", ""),
      line: { exchange: "cron-9", level: "error", text: "oh" },
    });
    expect(read('⟦1⟧ {"level":"warn","event":"x"}').line?.level).toBe("warn");
    expect(read("⟦<script>⟧ x")).toMatchObject({ shown: "⟦<script>⟧ x" });
  });
});

describe("the journal", () => {
  it("returns what came after an entry, as long as all of it is kept", () => {
    const journal = createJournal(3);
    const add = (id: string) => journal.add(() => ({ type: "pending-gone", id }));
    const ids = (after: string) =>
      journal
        .after(after)
        ?.map(({ make }) => make("1"))
        .map((event) => event && "id" in event && event.id);
    const start = journal.last();
    add("a");
    const first = journal.last();
    expect([ids(start), ids(first)]).toEqual([["a"], []]);
    for (const id of ["b", "c", "d"]) add(id);
    expect([ids(start), ids(first)]).toEqual([undefined, ["b", "c", "d"]]);
    expect(createJournal().after(first)).toBeUndefined();
    for (const id of ["", "-1", `${first}0000`, first.replace(/\d+$/, "1e1")])
      expect(journal.after(id)).toBeUndefined();
  });
});

describe("an identity in a file", () => {
  it("is the same at the next start, and its owner's alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "sandpiper-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "keys.json");
    const first = readIdentity(file);
    expect(readIdentity(file)).toMatchObject({ botToken: first.botToken, keys: { publicKey: first.keys.publicKey } });
    expect(first.keys.publicKey).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readIdentity(undefined).botToken).not.toBe(first.botToken);
    writeFileSync(file, "{}");
    expect(() => readIdentity(file)).toThrow("--keys takes a file that this command wrote");
    expect(readFileSync(file, "utf8")).toBe("{}");
  });
});
