import { useState } from "preact/hooks";
import { applyTheme, keepTheme, readTheme, type Theme } from "./theme.ts";

/** Returns the theme and a function that changes and keeps it. */
export function useTheme(): [theme: Theme, toggle: () => void] {
  const [theme, setTheme] = useState(readTheme);
  return [
    theme,
    () => {
      const other = theme === "light" ? "dark" : "light";
      keepTheme(other);
      applyTheme(other);
      setTheme(other);
    },
  ];
}
