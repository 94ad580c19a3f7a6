import core from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import ini from "highlight.js/lib/languages/ini";
import json from "highlight.js/lib/languages/json";
import lua from "highlight.js/lib/languages/lua";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

/** A piece of code: plain, or with a class of highlight.js. */
export type Highlighted = string | { className: string; children: Highlighted[] };

const languages = {
  bash,
  css,
  diff,
  ini,
  json,
  lua,
  markdown,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(languages)) core.registerLanguage(name, language);
// The language is a superset, and its definition a copy.
core.registerAliases(["javascript", "js", "jsx", "mjs", "cjs"], { languageName: "typescript" });

/** Returns code with its colours; as it is for a language that is not known. */
export function highlight(text: string, language: string): Highlighted[] {
  if (!core.getLanguage(language)) return [text];
  return readSpans(core.highlight(text, { language, ignoreIllegals: true }).value);
}

// --- Internal helpers ---

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

/** Reads the HTML of highlight.js, which is spans and escaped text alone, without giving it to the browser as HTML. */
function readSpans(html: string): Highlighted[] {
  const root: Highlighted[] = [];
  const open = [root];
  for (const [token, className] of html.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
    if (className !== undefined) {
      const children: Highlighted[] = [];
      open.at(-1)?.push({ className, children });
      open.push(children);
    } else if (token === "</span>") open.pop();
    else open.at(-1)?.push(token.replace(/&(\w+|#x27);/g, (all, name: string) => entities[name] ?? all));
  }
  return root;
}
