/** Returns what a person typed as it is shown back to them: in a code span, where it formats and mentions nothing. */
export const quoted = (text: string): string => {
  const shown = text.replaceAll("`", "'").replaceAll(/\s+/g, " ").trim();
  return shown === "" ? "That" : `\`${shown}\``;
};
