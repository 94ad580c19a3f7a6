/**
 * Returns the style that gives an element a colour of Discord's as `--colour`. Preact sets it through the object model,
 * which the page's policy allows; a style attribute in HTML it would block.
 */
export const colourStyle = (colour: number | null | undefined): Record<string, string> | undefined =>
  colour ? { "--colour": `#${colour.toString(16).padStart(6, "0")}` } : undefined;
