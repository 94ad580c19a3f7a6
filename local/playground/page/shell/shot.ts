/** For a picture of the page, `?shot=1` stops its clock, hides the caret, and lets nothing move. */
export function prepareShot(): void {
  if (!new URLSearchParams(location.search).has("shot")) return;
  document.documentElement.dataset["shot"] = "";
  const at = Date.now();
  Date.now = () => at;
}
