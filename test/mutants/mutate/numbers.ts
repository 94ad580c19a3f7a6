import { child, type Edit, nameOf, type Place, type Rule } from "./syntax.ts";

/**
 * A number becomes one more, and one less from 2 on. A duration is taken for one of another unit, and a factor is forgotten:
 * one millisecond more, or a fifth instead of a quarter, is no fault that a test could be asked to notice. Nor is -2 where -1
 * stands for nothing, or for the last.
 */
export const numbers: Rule = (node, place) => {
  const value = node["value"];
  if (node.type !== "Literal" || typeof value !== "number" || !Number.isFinite(value)) return [];
  if (place.parents[0]?.["operator"] === "-" && place.parents[0].type === "UnaryExpression") return [];
  if (value === 1 && isOrder(place)) return [];
  const become = (kind: string, to: number): Edit => ({ kind, start: node.start, end: node.end, text: written(to) });
  if (value >= 1_000 && value % 1_000 === 0 && isDuration(place)) return [become("unit", value / 1_000)];
  if (isFactor(place)) return value === 0 || value === 1 ? [] : [become("factor", 1)];
  if (value >= 10 && isDuration(place)) return [become("unit", value * 1_000)];
  if (!Number.isInteger(value)) return [become("number", value * 2)];
  return value < 2 ? [become("number", value + 1)] : [become("number", value + 1), become("number", value - 1)];
};

/** `count += 1` becomes `count -= 1`, and `count++` becomes `count--`. */
export const steps: Rule = (node, { text }) => {
  const operator = String(node["operator"]);
  const other = { "+=": "-=", "-=": "+=", "++": "--", "--": "++" }[operator];
  const right = child(node, "right");
  if (!other || (right && (typeof right["value"] === "string" || right.type === "TemplateLiteral"))) return [];
  const start = text.indexOf(operator, child(node, "left")?.end ?? node.start);
  return [{ kind: "arithmetic", start, end: start + operator.length, text: other }];
};

// --- Internal helpers ---

const written = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, "_");

/** `a < b ? -1 : 1`: of what a comparison for a sort returns, the sign alone counts. */
const isOrder = ({ parents: [parent] }: Place): boolean =>
  parent?.type === "ConditionalExpression" && child(parent, "consequent")?.["operator"] === "-";

const isFactor = ({ parents: [parent] }: Place): boolean =>
  parent?.type === "BinaryExpression" && /^[*/]$/.test(String(parent["operator"]));

/** Whether a number counts milliseconds, or converts them: by its factor, its name, or the name of what takes it. */
function isDuration({ parents }: Place): boolean {
  const [parent] = parents;
  if (parent?.type === "BinaryExpression" && /^[*/%]$/.test(String(parent["operator"]))) return true;
  const names = parents
    .slice(0, 3)
    .flatMap((one) => [child(one, "id"), child(one, "key"), child(one, "left"), child(one, "callee")])
    .map((one) => nameOf(one));
  return names.some((name) =>
    /(Ms|At|For|Every|Timeout|Interval|Life|Within)$|^(px|sleep|timeout|life|lives|every|month|day|hour|minute|second)s?$/i.test(
      name,
    ),
  );
}
