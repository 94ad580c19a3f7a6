import { child, type Edit, type Node, operand, type Place, type Rule } from "./syntax.ts";

const swapped: Readonly<Record<string, readonly [kind: string, operator: string]>> = {
  "<": ["boundary", "<="],
  "<=": ["boundary", "<"],
  ">": ["boundary", ">="],
  ">=": ["boundary", ">"],
  "===": ["condition negated", "!=="],
  "!==": ["condition negated", "==="],
  "*": ["arithmetic", "/"],
  "/": ["arithmetic", "*"],
  "-": ["arithmetic", "+"],
  "+": ["arithmetic", "-"],
};

/** `a < b` becomes `a <= b`, `a === b` becomes `a !== b`, `a * b` becomes `a / b`. */
export const operators: Rule = (node, place) => {
  const [left, right] = [child(node, "left"), child(node, "right")];
  const [kind, text] = swapped[String(node["operator"])] ?? [];
  if (node.type !== "BinaryExpression" || !left || !right || !kind || !text) return [];
  // A test that compares is already fixed to true and to false.
  if (kind === "condition negated" && isTest(node, place)) return [];
  if (node["operator"] === "+" && (isText(left) || isText(right))) return [];
  const operator = String(node["operator"]);
  const start = place.text.indexOf(operator, left.end);
  return [{ kind, start, end: start + operator.length, text }];
};

/** A test becomes `true`, then `false`. A guard without its test is a guard removed, and a loop that never ends is left out. */
export const tests: Rule = (node) => {
  const test = child(node, "test");
  if (!test) return [];
  const fixed = (text: string): Edit => ({ kind: "condition fixed", start: test.start, end: test.end, text });
  if (node.type === "ConditionalExpression") return [fixed("true"), fixed("false")];
  if (node.type === "IfStatement") return isGuard(node) ? [fixed("true")] : [fixed("true"), fixed("false")];
  return /^(While|For)Statement$/.test(node.type) ? [fixed("false")] : [];
};

/** `a && b`, `a || b` and `a ?? b` become one of the two. */
export const logic: Rule = (node, place) => {
  const [left, right] = [child(node, "left"), child(node, "right")];
  if (node.type !== "LogicalExpression" || !left || !right) return [];
  const only = (side: Node): Edit => ({
    kind: "logic",
    start: node.start,
    end: node.end,
    text: /^(Logical|Binary|Unary|Await)Expression$/.test(place.parents[0]?.type ?? "")
      ? operand(side, place)
      : place.text.slice(side.start, side.end),
  });
  // `...(a && { b })` without its object is a property removed; `a ?? undefined` is nearly `a`.
  const isLeftKept = place.parents[0]?.type !== "SpreadElement" && !/^(null|undefined)$/.test(operand(right, place));
  return isLeftKept ? [only(left), only(right)] : [only(right)];
};

/** `!a` becomes `a`, and `true` becomes `false`. */
export const booleans: Rule = (node, place) => {
  const { start, end } = node;
  const inner = child(node, "argument");
  if (node.type === "UnaryExpression" && node["operator"] === "!" && inner && !isTest(node, place))
    return [{ kind: "condition negated", start, end, text: operand(inner, place) }];
  if (node.type !== "Literal" || typeof node["value"] !== "boolean") return [];
  return [{ kind: "boolean", start, end, text: String(!node["value"]) }];
};

/** An `if` that only ends the function, the loop or the round. */
export function isGuard(node: Node): boolean {
  const then = child(node, "consequent");
  const body = then?.type === "BlockStatement" ? [then["body"]].flat() : [then];
  const [only] = body as readonly (Node | undefined)[];
  return (
    node.type === "IfStatement" &&
    !child(node, "alternate") &&
    body.length === 1 &&
    /^(Return|Throw|Continue|Break)Statement$/.test(only?.type ?? "")
  );
}

// --- Internal helpers ---

const isTest = (node: Node, { parents: [parent] }: Place): boolean => parent !== undefined && parent["test"] === node;

const isText = (node: Node): boolean =>
  node.type === "TemplateLiteral" ||
  typeof node["value"] === "string" ||
  (node.type === "BinaryExpression" &&
    [child(node, "left"), child(node, "right")].some((side) => side && isText(side)));
