import type { JSX } from "preact";

// Icons of our own: strokes on a 24 by 24 grid, in the colour of the text.

const paths = {
  hash: "M5 9h15M4 15h15M10 4 8 20M16 4l-2 16",
  thread: "M4 5h16v10H11l-5 4v-4H4zM8 9h8M8 12h5",
  news: "M4 10v5l10 4V5zM14 9h3a3 3 0 0 1 0 6h-3M7 15v4h3",
  voice: "M4 10v4h4l5 4V6L8 10zM16 9a4 4 0 0 1 0 6M18.5 6.500a8 8 0 0 1 0 11",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.500a3.5 3.5 0 0 1 0 6.500M18 14.500a6.5 6.5 0 0 1 3.5 5.5",
  chat: "M4 5h16v11H10l-5 4z",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M5 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2M12 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2M19 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  link: "M14 5h5v5M19 5l-8 8M10 6H6a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-4",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.500h.01",
  eye: "M2 12s3.5-6 10-6 10 6 10 6-3.5 6-10 6-10-6-10-6zM12 14.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  reply: "M4 18v-3a6 6 0 0 1 6-6h9M15 5l4 4-4 4",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 3v1M12 20v1M3 12h1M20 12h1M5.6 5.600l.7.700M17.7 17.700l.7.700M5.6 18.400l.7-.700M17.7 6.300l.7-.7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3 2",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  apps: "M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM16.5 14v5M14 16.500h5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  again: "M20 12a8 8 0 1 1-2.5-5.800M20 3v4h-4",
  warning: "M12 4 2.5 20h19zM12 10v5M12 17.500h.01",
  check: "M5 12.500l5 5L19.5 7",
  bird: "M3 13c4 0 5-6 10-6 2.5 0 4 1.5 4.5 3L21 11l-3.5 1.500c-.5 3.5-3 5.5-6.5 5.500H8l-2 3M12 18v3M14.5 9.500h.01",
} as const;

export type IconName = keyof typeof paths;

/** A picture beside a text or inside a named button: it has no name. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
