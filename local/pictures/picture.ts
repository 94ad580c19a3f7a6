import type { Page } from "playwright-core";

/** One picture of the README. */
export interface Picture {
  /** The file in `docs/pictures/`, without `.png`. */
  name: string;
  width: number;
  height: number;
  colorScheme: "dark" | "light";
  /** Brings the page to what is to be seen. */
  pose(page: Page): Promise<void>;
}
