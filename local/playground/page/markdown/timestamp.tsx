import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatTime } from "../../../render/markdown/time.ts";
import { useNow, useSelected } from "../client/use-client.ts";

const tickMs = 1_000;

/** A timestamp. A relative one (`R`) keeps up with the world's clock. */
export function Timestamp({ at, style }: { at: number; style: string }): JSX.Element {
  const now = useNow();
  // Moving the clock renders again at once.
  useSelected((state) => state.controls.aheadMs);
  const [, tick] = useState(0);
  const isRelative = style === "R";
  useEffect(() => {
    if (!isRelative) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), tickMs);
    return () => clearInterval(timer);
  }, [isRelative]);
  return (
    <time class="timestamp" dateTime={new Date(at).toISOString()} title={formatTime(at, "F", now())}>
      {formatTime(at, style, now())}
    </time>
  );
}
