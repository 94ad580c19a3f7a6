export type Theme = "light" | "dark";

const key = "playground-theme";

/** Returns the theme that was chosen here last. Default: that of the system. */
export function readTheme(): Theme {
  const kept = localStorage.getItem(key);
  if (kept === "light" || kept === "dark") return kept;
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}
