import { type CommandTable, commands, reads } from "./commands.ts";
import { createLua, type Lua } from "./lua.ts";
import { createStore, Refusal, type Reply, type Store, type Value } from "./store.ts";

/** A write as it was carried out: what a replica is told. */
export interface Write {
  at: number;
  words: readonly string[];
}

/** One Redis at one time: what it answers, and what it changes. */
export interface Model {
  /** Runs one command at a time; throws `Refusal`. Scripts are atomic, and told to replicas by what they call. */
  run(words: readonly string[], now: number): Reply;
  /** Commands run so far, as Upstash bills them: a script is itself and its calls. By name. */
  readonly bill: Map<string, number>;
  readonly store: Store;
  /** Another one with the same data. */
  copy(): Model;
}

export interface ModelOptions {
  lua?: Lua;
  table?: CommandTable;
  values?: Map<string, Value>;
  onWrite?(write: Write): void;
}

export function createModel({ lua = createLua(), table = commands, values, onWrite }: ModelOptions = {}): Model {
  const store = createStore(values);
  const bill = new Map<string, number>();

  function one(words: readonly string[]): Reply {
    const name = words[0]?.toUpperCase() ?? "";
    const command = table[name];
    if (!command) throw new Refusal(`ERR unknown command '${words[0]}'`);
    bill.set(name, (bill.get(name) ?? 0) + 1);
    const reply = command(store, words.slice(1));
    if (!reads.has(name) && name !== "TIME") onWrite?.({ at: store.now, words });
    return reply;
  }

  return {
    store,
    bill,
    run(words, now) {
      store.now = now;
      if (words[0]?.toUpperCase() !== "EVAL") return one(words);
      bill.set("EVAL", (bill.get("EVAL") ?? 0) + 1);
      const [, script = "", count = "0", ...rest] = words;
      const keys = Number(count);
      return lua.run(script, rest.slice(0, keys), rest.slice(keys), one);
    },
    copy: () => createModel({ lua, table, values: structuredClone(store.values), ...(onWrite && { onWrite }) }),
  };
}
