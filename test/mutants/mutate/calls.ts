import { isGuard } from "./conditions.ts";
import { child, children, type Edit, isSilent, type Node, nameOf, operand, type Rule } from "./syntax.ts";

/** A statement that calls or assigns is removed; so is a guard. */
export const statements: Rule = (node) => {
  const removed = (kind: string): Edit[] => [{ kind, start: node.start, end: node.end, text: ";" }];
  if (isGuard(node)) return removed("guard removed");
  if (node.type !== "ExpressionStatement" || node["directive"]) return [];
  const done = inside(child(node, "expression"));
  if (!done || isSilent(done)) return [];
  if (isCall(done)) return removed("call removed");
  return /^(Assignment|Update)Expression$/.test(done.type) ? removed("assignment removed") : [];
};

/** `await f();` and `return await f();` lose their `await`. Elsewhere the compiler would see it. */
export const awaits: Rule = (node, { text, parents: [parent] }) => {
  const inner = child(node, "argument");
  if (node.type !== "AwaitExpression" || !inner || !/^(Expression|Return)Statement$/.test(parent?.type ?? ""))
    return [];
  return [{ kind: "await dropped", start: node.start, end: node.end, text: text.slice(inner.start, inner.end) }];
};

const skippable =
  /^(filter|slice|trim|trimEnd|toLowerCase|toUpperCase|sort|toSorted|reverse|toReversed|catch|finally)$/;
const protecting = /^(escape\w*|cut|clean|asWritten|oneLine|quoted|encodeURIComponent)$/;
const opposites: Readonly<Record<string, string>> = {
  every: "some",
  some: "every",
  startsWith: "endsWith",
  endsWith: "startsWith",
  floor: "ceil",
  ceil: "floor",
  round: "floor",
  min: "max",
  max: "min",
  allSettled: "all",
};

/** `list.filter(f)` becomes `list`, `cut(text)` becomes `text`, `random()` becomes `0`, `Math.min` becomes `Math.max`. */
export const calls: Rule = (node, place) => {
  const callee = child(node, "callee");
  if (!isCall(node) || !callee) return [];
  const name = nameOf(callee);
  const [first] = children(node, "arguments");
  const become = (text: string): Edit => ({ kind: "call removed", start: node.start, end: node.end, text });
  const object = child(callee, "object");
  const property = child(callee, "property");
  if (object && skippable.test(name)) return [become(operand(object, place))];
  if (first && protecting.test(name)) return [become(operand(first, place))];
  if (name === "random") return [become("0")];
  const other = object && Object.hasOwn(opposites, name) ? opposites[name] : undefined;
  if (!other || !property) return [];
  return [{ kind: "opposite call", start: property.start, end: property.end, text: other }];
};

/** The first two neighbours that look alike, among a call's arguments or in a list that a call takes, change places. */
export const order: Rule = (node, { text, parents: [parent] }) => {
  const isArgument = node.type === "ArrayExpression" && isCall(parent);
  const members = isCall(node) ? children(node, "arguments") : isArgument ? children(node, "elements") : [];
  const at = members.findIndex((one, index) => isPlain(one) && isPlain(members[index + 1]));
  const [first, second] = [members[at], members[at + 1]];
  if (!first || !second || /^(min|max|isSameSecret)$/.test(nameOf(child(node, "callee")))) return [];
  const [one, other] = [first, second].map(({ start, end }) => text.slice(start, end));
  if (one === other) return [];
  const between = text.slice(first.end, second.start);
  return [{ kind: "order swapped", start: first.start, end: second.end, text: `${other}${between}${one}` }];
};

// --- Internal helpers ---

const isCall = (node: Node | undefined): boolean => node?.type === "CallExpression";

/** The compiler refuses these in any other place. */
const services = /^(context|state|services|clock|redis|keys|options|world|simulator|record|kind|interaction|signal)$/;

const isPlain = (node: Node | undefined): boolean =>
  /^(Identifier|MemberExpression)$/.test(node?.type ?? "") && !services.test(nameOf(node));

/** The call or assignment under `await`, `void` and `?.`. */
function inside(node: Node | undefined): Node | undefined {
  if (node?.type === "AwaitExpression" || node?.type === "UnaryExpression") return inside(child(node, "argument"));
  return node?.type === "ChainExpression" ? inside(child(node, "expression")) : node;
}
