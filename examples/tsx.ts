import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

// Node strips the types of `.ts` and refuses `.tsx`, of which the dashboard's pages are made. Imported by the process on Node: they
// are translated when they are first asked for. A bundle needs none of this.

const load = createRequire(import.meta.url);

registerHooks({
  load(url, context, next) {
    if (!url.endsWith(".tsx")) return next(url, context);
    const { transformSync } = load("esbuild") as typeof import("esbuild");
    const text = readFileSync(fileURLToPath(url), "utf8");
    const { code } = transformSync(text, {
      loader: "tsx",
      format: "esm",
      jsx: "automatic",
      jsxImportSource: "hono/jsx",
    });
    return { format: "module", source: code, shortCircuit: true };
  },
});
