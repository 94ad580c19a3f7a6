import { expect, it } from "vitest";
import { createKit, type Guard, type RouterServices } from "../../../../src/discord/index.ts";
import { asksGuards, guarded } from "../../../../src/discord/router/guarded.ts";
import { slashWith } from "../../../support/payloads.ts";
import { createTimedBot } from "./support.ts";

const { command, commandTree, subcommand, subcommandGroup } = createKit<RouterServices>();
const description = "x";
const asked: string[] = [];
const guard =
  (name: string): Guard =>
  () =>
    void asked.push(name);

it("asks the guards before a handler's own, of a tree in each of its subcommands", async () => {
  const leaf = (name: string) => subcommand({ description, guards: [guard(name)], run: () => "x" });
  const bare = subcommand({ description, run: () => "x" });
  const tree = commandTree({
    name: "tree",
    description,
    subcommands: { one: leaf("one"), bare, group: subcommandGroup({ description, subcommands: { two: leaf("two") } }) },
  });
  const plain = command({ name: "plain", description, guards: [guard("own")], run: () => "x" });
  const bot = createTimedBot([tree, plain].map((handler) => guarded([guard("all")], handler)));
  const guardsOf = async (name: string, options: object[] = []) => {
    asked.length = 0;
    await bot.ask(slashWith(name, options));
    return asked.join();
  };
  expect(await guardsOf("plain")).toBe("all,own");
  expect(await guardsOf("tree", [{ name: "one", type: 1 }])).toBe("all,one");
  expect(await guardsOf("tree", [{ name: "bare", type: 1 }])).toBe("all");
  expect(await guardsOf("tree", [{ name: "group", type: 2, options: [{ name: "two", type: 1 }] }])).toBe("all,two");
  expect(guarded([], plain)).toBe(plain);
});

it("tells whether a command, or one of its subcommands, asks guards", () => {
  const leaf = (...guards: Guard[]) => subcommand({ description, guards, run: () => "x" });
  const tree = (...guards: Guard[]) =>
    commandTree({
      name: "tree",
      description,
      subcommands: { free: leaf(), group: subcommandGroup({ description, subcommands: { two: leaf(...guards) } }) },
    });
  const plain = (more: object) => command({ name: "plain", description, run: () => "x", ...more });
  expect(
    [tree(), tree(guard("a")), plain({}), plain({ guards: [] }), plain({ guards: [guard("a")] })].map(asksGuards),
  ).toEqual([false, true, false, false, true]);
});
