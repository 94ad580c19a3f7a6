import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** What each part of the Worker may import from: arrows point one way. Files directly in `src/` are parts of their own. */
const mayImport: Record<string, readonly string[]> = {
  worker: ["app", "bot", "invocation", "isolate", "log", "config"],
  app: ["bot", "config", "discord", "invocation", "isolate", "log", "web"],
  bot: [
    "cache",
    "coordination",
    "discord",
    "invocation",
    "jobs",
    "log",
    "obey",
    "pubsub",
    "redis",
    "sessions",
    "stores",
    "wizard",
  ],
  coherence: ["cache", "pubsub"],
  obey: ["isolate", "log"],
  invocation: [
    "cache",
    "coherence",
    "config",
    "coordination",
    "discord",
    "isolate",
    "jobs",
    "log",
    "obey",
    "pubsub",
    "redis",
    "reports",
    "sessions",
    "stores",
  ],
  reports: ["cache", "coordination", "log", "pubsub", "redis"],
  isolate: ["cache", "config", "coordination", "discord", "jobs", "pubsub", "redis"],
  config: ["log"],
  log: [],
  cache: ["redis"],
  coordination: ["redis"],
  jobs: ["coordination", "redis"],
  discord: [],
  redis: [],
  pubsub: ["redis"],
  sessions: ["redis"],
  stores: ["discord", "redis"],
  web: ["pubsub", "redis"],
  wizard: ["discord", "sessions"],
};

interface Import {
  file: string;
  from: string;
  /** The imported path: relative to the repository, or a package's name. */
  target: string;
  isLocal: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm)].map((match) => {
    const from = match[1] ?? match[2] ?? "";
    const isLocal = from.startsWith(".");
    return { file, from, isLocal, target: isLocal ? relative(root, join(root, dirname(file), from)) : from };
  });
}

/** `src/redis/gate.ts` belongs to `redis`, `src/app.ts` to `app`. */
const partOf = (file: string): string => file.split("/")[1]?.replace(/\.ts$/, "") ?? "";

const imports = sourceFiles("src").flatMap(importsOf);

it("lets the arrows between the Worker's parts point one way only", () => {
  expect(imports.length).toBeGreaterThan(20);
  const wrong = imports
    .filter(({ isLocal, target }) => isLocal && target.startsWith("src/"))
    .filter(
      ({ file, target }) => partOf(file) !== partOf(target) && !mayImport[partOf(file)]?.includes(partOf(target)),
    );
  expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

it("names every part of the Worker", () => {
  expect([...new Set(sourceFiles("src").map(partOf))].toSorted()).toEqual(Object.keys(mayImport).toSorted());
});

it("enters another folder through its index only", () => {
  const wrong = imports
    .filter(({ isLocal, file, target }) => isLocal && partOf(file) !== partOf(target))
    .filter(({ target }) => target.split("/").length > 2 && !target.endsWith("/index.ts"));
  expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

it("keeps the offline world, Node and development packages out of the Worker", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const packages = imports.filter(({ isLocal }) => !isLocal);
  const allowed = (name: string) => Object.keys(dependencies).some((own) => name === own || name.startsWith(`${own}/`));
  expect(packages.filter(({ from }) => !allowed(from) && !from.startsWith("cloudflare:"))).toEqual([]);
  expect(imports.filter(({ target }) => /^(local|test|bench)\//.test(target))).toEqual([]);
});

it("lets the local Redis server be lifted out: it imports nothing from outside its folder", () => {
  const outside = sourceFiles("local/redis")
    .flatMap(importsOf)
    .filter(({ isLocal, target }) => isLocal && !target.startsWith("local/redis/"));
  expect(outside.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});
