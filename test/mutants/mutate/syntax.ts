import { parseAst } from "vitest/node";

/** A node of the syntax tree. Its other fields depend on its type, as ESTree and its extension for TypeScript name them. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A replacement in a file's text: one fault. */
export interface Edit {
  /** Such as `boundary` or `await dropped`. */
  kind: string;
  start: number;
  end: number;
  text: string;
}

/** Where a node stands: the text of its file, and the nodes around it, the nearest first. */
export interface Place {
  text: string;
  parents: readonly Node[];
}

/** Proposes faults at one node. */
export type Rule = (node: Node, place: Place) => readonly Edit[];

/** Returns the syntax tree of a TypeScript file. Throws for text that is not valid. */
export const parse = (file: string, text: string): Node =>
  parseAst(text, { lang: file.endsWith(".tsx") ? "tsx" : "ts" }) as unknown as Node;

/** Calls `visit` for each node that code runs, from the outside in. Types, imports, error texts and log lines are left out. */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void, parents: readonly Node[] = []) {
  if (isSilent(node)) return;
  visit(node, parents);
  const inner = [node, ...parents];
  for (const [field, value] of Object.entries(node)) {
    if (/^(type|typeAnnotation|typeArguments|typeParameters|returnType)$/.test(field)) continue;
    for (const child of [value].flat()) if (isNode(child)) walk(child, visit, inner);
  }
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Returns the node in a field, or `undefined` where the field is empty. */
export function child(node: Node, field: string): Node | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** Returns the nodes in a field that holds a list. */
export const children = (node: Node, field: string): readonly Node[] => [node[field]].flat().filter(isNode);

/** Returns the name that a node has: of `cut`, `"cut"` and `text.cut`, it is `cut`. */
export function nameOf(node: Node | undefined): string {
  if (node?.type === "MemberExpression") return nameOf(child(node, "property"));
  const name = node?.["name"] ?? node?.["value"];
  return typeof name === "string" ? name : "";
}

/** Returns the text of a node, in brackets where it would not hold together beside an operator. */
export function operand(node: Node, { text }: Place): string {
  const own = text.slice(node.start, node.end);
  const holds = /^(Identifier|Literal|MemberExpression|CallExpression|ChainExpression|TemplateLiteral)$/.test(
    node.type,
  );
  return holds ? own : `(${own})`;
}

/** Returns whether a fault inside could change nothing but types, imports, or the wording of an error or a log line. */
export function isSilent(node: Node): boolean {
  const { type } = node;
  if (type.startsWith("TS")) return !wrappers.includes(type);
  if (type === "ImportDeclaration" || type === "ExportAllDeclaration" || type === "ThrowStatement") return true;
  if (type === "NewExpression") return nameOf(child(node, "callee")).endsWith("Error");
  if (type !== "CallExpression") return false;
  const callee = child(node, "callee");
  return callee?.type === "Super" || /^(log|print)$/.test(nameOf(callee));
}

// --- Internal helpers ---

/** Wrappers of TypeScript around code that runs. */
const wrappers = ["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"];
