import { DeclarationError } from "./errors.ts";
import type { Modal } from "./modal.ts";

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal */
const max = { fields: 5, title: 45, label: 45, description: 100, customId: 100 };

/** Throws a `DeclarationError` that names each part of a form that Discord would refuse. */
export function checkModal<Services>({ customId: { pattern }, title, fields }: Modal<Services>): void {
  const names = Object.keys(fields);
  const tooLong = Object.entries(fields).flatMap(([name, field]) => {
    if (field.type === "display") return [];
    if (!field.label) return [`"${name}" has no label`];
    const parts = { label: field.label, description: field.description ?? "", customId: name };
    return (["label", "description", "customId"] as const)
      .filter((part) => parts[part].length > max[part])
      .map((part) => `the ${part === "customId" ? "name" : part} of "${name}" has more than ${max[part]} characters`);
  });
  const problems = [
    ...(names.length < 1 || names.length > max.fields
      ? [`it has ${names.length} fields, Discord takes 1 to ${max.fields}`]
      : []),
    ...(!title || title.length > max.title ? [`its title must be 1 to ${max.title} characters`] : []),
    ...tooLong,
  ];
  if (problems.length > 0) throw new DeclarationError(`The modal "${pattern}": ${problems.join("; ")}.`);
}
