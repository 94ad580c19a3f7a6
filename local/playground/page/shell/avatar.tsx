import type { JSX } from "preact";
import { localPicture } from "../message/pictures.ts";

/** A person's picture beside their name: it has no name. */
export function Avatar({ url, size = 40 }: { url: string; size?: number }): JSX.Element {
  const source = localPicture(url);
  if (source === undefined) return <span class={`avatar avatar-${size}`} />;
  return <img class={`avatar avatar-${size}`} src={source} alt="" width={size} height={size} loading="lazy" />;
}
