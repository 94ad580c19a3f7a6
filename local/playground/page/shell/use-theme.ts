import { useEffect, useState } from "preact/hooks";

type Theme = "light" | "dark";

const key = "playground-theme";

/** Returns the theme and a function that changes it. Default: that of the system. */
export function useTheme(): [theme: Theme, toggle: () => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const kept = localStorage.getItem(key);
    if (kept === "light" || kept === "dark") return kept;
    return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  });
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  return [
    theme,
    () => {
      const other = theme === "light" ? "dark" : "light";
      localStorage.setItem(key, other);
      setTheme(other);
    },
  ];
}
