import { asWritten, type Command, callablesOf, commandsOf, cut, fitLines } from "../discord/index.ts";
import { lazy } from "../platform/index.ts";
import type { Feature, Invocation } from "../runtime/index.ts";
import { readSettings } from "./guild-settings.ts";
import { command, everywhere, feature } from "./kit.ts";

/** Returns the feature `/help`, which describes the commands of `features` and itself as they are declared. */
export function help(features: readonly Feature[]): Feature {
  /** Written when first asked for: most isolates never are. */
  const texts: () => Texts = lazy(() =>
    describeAll([...commandsOf(features.flatMap(({ handlers = [] }) => handlers)), slash]),
  );
  const slash = command({
    name: "help",
    description: "What this bot can do",
    ...everywhere,
    ephemeral: true,
    options: [
      {
        type: "string",
        name: "command",
        description: "A command to read more about",
        max_length: 100,
        autocomplete: (typed) =>
          [...texts().details.keys()].filter((name) => name.includes(typed.toLowerCase().replace(/^\//, ""))),
      },
    ],
    async run({ options, guildId }, services) {
      const { overview, details } = texts();
      if (options.command === undefined) {
        const lines = [...(await greetingIn(guildId, services)), ...overview];
        return fitLines(
          lines,
          maxLength,
          (left) => `-# and ${left} more: type \`/help command:\` to find and read them`,
        );
      }
      const name = options.command.trim().replace(/^\//, "");
      return details.get(name) ?? `There is no command \`${name.replaceAll("`", "'")}\`. \`/help\` lists them all.`;
    },
  });
  return feature({ name: "help", handlers: [slash] });
}

// --- Internal helpers ---

/** The room in a message. */
const maxLength = 2_000;

/** Returns the server's greeting. `/help` works without it, too. */
async function greetingIn(guildId: string | undefined, services: Invocation): Promise<string[]> {
  if (guildId === undefined) return [];
  const { greeting } = await readSettings(services, guildId).catch(() => ({ greeting: "" }));
  return greeting === "" ? [] : [asWritten(greeting, 600), ""];
}

interface Texts {
  overview: readonly string[];
  /** By the path of the command: `poll`, `feed add`. */
  details: ReadonlyMap<string, string>;
}

function describeAll(commands: readonly Command<Invocation>[]): Texts {
  const details = new Map(
    commands.flatMap((one) => callablesOf(one).map(([path, callable]) => [path, describe(path, callable)] as const)),
  );
  const menus = { user: "In the menu of a person", message: "In the menu of a message" } as const;
  const overview = [
    "**What this bot can do**",
    ...commands.flatMap((one) => callablesOf(one).map(([path, { description }]) => `\`/${path}\` ${description}`)),
    ...Object.entries(menus).flatMap(([kind, where]) => {
      const names = commands.filter((one) => one.kind === kind).map(({ name }) => `**${name}**`);
      return names.length > 0 ? [`${where}: ${names.join(", ")}`] : [];
    }),
  ];
  return { overview, details };
}

type Callable = ReturnType<typeof callablesOf<Invocation>>[number][1];

function describe(path: string, { description, options = [] }: Callable): string {
  const lines = [
    `**/${path}**`,
    description,
    ...options.map((option) => {
      const need = option.required ? "" : ", optional";
      const choices =
        "choices" in option && option.choices ? `: ${option.choices.map(({ name }) => name).join(", ")}` : "";
      return `\`${option.name}\` ${option.description} (${option.type}${need}${cut(choices, 300)})`;
    }),
  ];
  return fitLines(lines, maxLength, (left) => `-# and ${left} more, which Discord shows as you type`);
}
