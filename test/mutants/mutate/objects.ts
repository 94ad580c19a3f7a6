import { child, children, type Edit, type Node, nameOf, type Place, type Rule } from "./syntax.ts";

/** Options that a caller may leave out: of Redis, of Discord, of the project's own parts. */
const optional = new Set(
  `ex px exat pxat nx xx get keepTtl count limit trim allowed_mentions nonce enforce_nonce flags content_type ephemeral once guards
  cooldown most required max_length min_length max_value min_value max_values min_values contexts integration_types
  default_member_permissions isRepeatable isIdempotent signal timeoutMs budget reason owner tags expected above code`.split(
    /\s+/,
  ),
);

/** An optional property is left out: `{ px: lifeMs }`, `...(member && { member })`. */
export const properties: Rule = (node, place) => {
  if (node.type !== "ObjectExpression") return [];
  return children(node, "properties")
    .filter(isOptional)
    .map((one) => without(one, "property removed", place));
};

/** A guard is left out of a list of guards. */
export const guards: Rule = (node, place) => {
  const owner = place.parents.find(({ type }) => /^(Property|VariableDeclarator)$/.test(type));
  const name = nameOf(owner && (child(owner, "key") ?? child(owner, "id")));
  if (node.type !== "ArrayExpression" || !/guards$/i.test(name)) return [];
  return children(node, "elements").map((one) => without(one, "guard removed", place));
};

/** `px:` becomes `ex:`, and `nx:` becomes `xx:`. */
export const optionNames: Rule = (node) => {
  const key = child(node, "key");
  const other = { px: "ex", ex: "px", nx: "xx", xx: "nx" }[nameOf(key)];
  if (node.type !== "Property" || !key || !other || node["computed"]) return [];
  const edit = { kind: "Redis word", start: key.start, end: key.end };
  return [{ ...edit, text: node["shorthand"] ? `${other}: ${nameOf(key)}` : other }];
};

// --- Internal helpers ---

function isOptional(node: Node): boolean {
  if (node.type === "SpreadElement")
    return /^(Logical|Conditional)Expression$/.test(child(node, "argument")?.type ?? "");
  // `true` is already turned into `false`.
  return optional.has(nameOf(child(node, "key"))) && typeof child(node, "value")?.["value"] !== "boolean";
}

/** Removes a member of a list, with the comma after it, else the one before it. */
function without({ start, end }: Node, kind: string, { text }: Place): Edit {
  const after = /^\s*,\s*/.exec(text.slice(end))?.[0].length ?? 0;
  const before = after > 0 ? 0 : (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0);
  return { kind, start: start - before, end: end + after, text: "" };
}
