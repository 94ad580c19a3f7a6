import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** The parts of the Worker, the lowest first, with the parts that each may import: arrows point down only. */
const mayImport: Record<string, readonly string[]> = {
  platform: [],
  redis: ["platform"],
  discord: ["platform"],
  cache: ["platform", "redis"],
  coordination: ["platform", "redis"],
  pubsub: ["platform", "redis"],
  sessions: ["platform", "redis"],
  metrics: ["platform", "redis"],
  tracing: [],
  "discord-redis": ["discord", "platform", "redis"],
  entities: ["cache", "platform"],
  jobs: ["platform", "redis"],
  web: ["cache", "coordination", "discord", "jobs", "metrics", "platform", "pubsub", "redis", "sessions"],
  wizard: ["discord", "sessions"],
  runtime: [
    "cache",
    "coordination",
    "discord",
    "discord-redis",
    "entities",
    "jobs",
    "metrics",
    "platform",
    "pubsub",
    "redis",
    "sessions",
    "web",
  ],
  bot: ["cache", "discord", "entities", "jobs", "platform", "pubsub", "redis", "runtime", "sessions", "wizard"],
  worker: ["bot", "runtime", "tracing", "web"],
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
    .filter((name) => /\.tsx?$/.test(name))
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

/** `src/redis/gate.ts` belongs to `redis`, `src/worker.ts` to `worker`. */
const partOf = (file: string): string => file.split("/")[1]?.replace(/\.ts$/, "") ?? "";

const shown = (wrong: readonly Import[]): string[] => wrong.map(({ file, target }) => `${file} -> ${target}`);

const imports = sourceFiles("src").flatMap(importsOf);

describe("the Worker's parts", () => {
  it("import along the arrows of the design only", () => {
    expect(imports.length).toBeGreaterThan(20);
    const wrong = imports
      .filter(({ isLocal, target }) => isLocal && target.startsWith("src/"))
      .filter(
        ({ file, target }) => partOf(file) !== partOf(target) && !mayImport[partOf(file)]?.includes(partOf(target)),
      );
    expect(shown(wrong)).toEqual([]);
  });

  it("use every arrow that the design allows", () => {
    const used = new Set(imports.map(({ file, target }) => `${partOf(file)} -> ${partOf(target)}`));
    const allowed = Object.entries(mayImport).flatMap(([part, others]) => others.map((other) => `${part} -> ${other}`));
    expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([]);
  });

  it("stand on those below them: no circle of parts", () => {
    const floors = Object.keys(mayImport);
    for (const [index, part] of floors.entries()) {
      for (const other of mayImport[part] ?? [])
        expect(floors.indexOf(other), `${part} -> ${other}`).toBeLessThan(index);
    }
  });

  it("are all named here, and no file but worker.ts lies loose in src/", () => {
    expect([...new Set(sourceFiles("src").map(partOf))].toSorted()).toEqual(Object.keys(mayImport).toSorted());
    expect(readdirSync(join(root, "src")).filter((name) => name.endsWith(".ts"))).toEqual(["worker.ts"]);
  });

  it("are entered through their index only", () => {
    const wrong = imports
      .filter(({ isLocal, file, target }) => isLocal && partOf(file) !== partOf(target))
      .filter(
        ({ target }) => target.split("/").length > 2 && !/^src\/[^/]+\/(index|features|dashboard)\.ts$/.test(target),
      );
    expect(shown(wrong)).toEqual([]);
  });

  it("leave the dashboard to worker.ts, so that a Worker without that line carries none of it", () => {
    const importers = imports.filter(({ target }) => target === "src/web/dashboard.ts").map(({ file }) => file);
    expect(importers).toEqual(["src/worker.ts"]);
  });

  it("keep the offline world, Node and development packages out", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const packages = imports.filter(({ isLocal }) => !isLocal);
    const isAllowed = (name: string) =>
      Object.keys(dependencies).some((own) => name === own || name.startsWith(`${own}/`));
    expect(shown(packages.filter(({ from }) => !isAllowed(from) && !from.startsWith("cloudflare:")))).toEqual([]);
    expect(shown(imports.filter(({ target }) => /^(local|test|bench)\//.test(target)))).toEqual([]);
  });
});

describe("Cloudflare's own modules", () => {
  it("are imported by worker.ts and one shim at most, so that the bot runs on Node, Bun and Deno", () => {
    const importers = imports.filter(({ from }) => from.startsWith("cloudflare:")).map(({ file }) => file);
    const others = new Set(importers.filter((file) => file !== "src/worker.ts"));
    expect([...others].slice(1)).toEqual([]);
  });

  it("are reached from the runtime and the bot by no import that other platforms cannot leave out", () => {
    const reached = new Set(["src/runtime/index.ts", "src/bot/features.ts"]);
    for (const one of reached) {
      for (const { file, target } of imports) if (file === one && target.startsWith("src/")) reached.add(target);
    }
    expect(reached.size).toBeGreaterThan(100);
    const fixed = imports.filter(({ file, from }) => {
      const isDynamic = () => readFileSync(join(root, file), "utf8").includes(`import("${from}")`);
      return reached.has(file) && from.startsWith("cloudflare:") && !isDynamic();
    });
    expect(shown(fixed)).toEqual([]);
  });
});

describe("a feature of the bot", () => {
  /** `src/bot/poll/commands.ts` belongs to `poll`; files beside the features serve all of them. */
  const featureOf = (file: string): string | undefined => /^src\/bot\/([^/]+)\//.exec(file)?.[1];

  it("imports no other feature, so that it can be deleted with its folder and its line", () => {
    const list = readFileSync(join(root, "src/bot/features.ts"), "utf8");
    const files = [...list.matchAll(/from "\.\/([^"]+)\.ts"/g)].map(([, name]) => `src/bot/${name}.ts`);
    expect(files.length).toBeGreaterThan(10);
    const wrong = imports
      .filter(({ isLocal, file }) => isLocal && file.startsWith("src/bot/") && file !== "src/bot/features.ts")
      .filter(({ file, target }) => {
        const folder = featureOf(target);
        return files.includes(target) || (folder !== undefined && folder !== featureOf(file));
      });
    expect(shown(wrong)).toEqual([]);
  });
});

describe("files", () => {
  it.each(["src", "local"])("import each other in no circle in %s/", (folder) => {
    const files = sourceFiles(folder);
    const targets = new Map(
      files.map((file) => [
        file,
        importsOf(file).flatMap(({ isLocal, target }) => (isLocal && target.startsWith(`${folder}/`) ? [target] : [])),
      ]),
    );
    const circles = circlesIn(targets);
    expect(circles.map((files) => files.join(" -> "))).toEqual([]);
  });

  it("of npm run dev run none of src/, where a mistake would end it at the start", () => {
    const reached = new Set(["local/dev.ts"]);
    for (const file of reached) {
      const text = readFileSync(join(root, file), "utf8");
      const isType = (from: string) =>
        new RegExp(`^(import|export) type [^;]*?from "${RegExp.escape(from)}"`, "m").test(text);
      // The copied test holds the text of an import.
      for (const { isLocal, target, from } of importsOf(file))
        if (isLocal && !isType(from) && existsSync(join(root, target))) reached.add(target);
    }
    expect([...reached].filter((file) => file.startsWith("src/"))).toEqual([]);
    expect(reached.size).toBeGreaterThan(100);
  });

  it("import nothing from outside local/redis/ in that folder, so that the server can be lifted out", () => {
    const outside = sourceFiles("local/redis")
      .flatMap(importsOf)
      .filter(({ isLocal, target }) => isLocal && !target.startsWith("local/redis/"));
    expect(shown(outside)).toEqual([]);
  });
});

/** Groups of files that reach each other: strongly connected components of more than one, by Tarjan's algorithm. */
function circlesIn(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  function visit(file: string): void {
    order.set(file, order.size);
    low.set(file, order.size - 1);
    stack.push(file);
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle.toSorted());
  }
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return circles;
}
