import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface StickyScrollOptions {
  hasMore: boolean;
  /** How many messages are shown. */
  count: number;
  loadOlder: () => Promise<void>;
}

const nearEnd = 48;
const nearStart = 800;
/** A scroll that follows an input within this time is the reader's. */
const inputMs = 400;
const inputs = ["wheel", "touchmove", "keydown", "pointerdown", "pointermove"] as const;

/**
 * Returns a reference and a listener for a scrolled element. It stays at its end while it is there, whatever grows or
 * shrinks, and older content is loaded before its start is reached. The browser's scroll anchoring keeps the content in
 * place.
 */
export function useStickyScroll(channelId: string, { hasMore, count, loadOlder }: StickyScrollOptions) {
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const isLoading = useRef(false);
  const inputAt = useRef(0);
  const known = useRef({ height: 0, shown: 0 });
  const toEnd = () => ref.current?.scrollTo({ top: ref.current.scrollHeight, behavior: "instant" });

  useLayoutEffect(() => {
    isAtEnd.current = true;
    isLoading.current = false;
    toEnd();
    const { current: element } = ref;
    const content = element?.firstElementChild;
    if (!element || !content) return undefined;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    observer.observe(content);
    observer.observe(element);
    const note = (event: Event) => {
      // A pointer that only moves scrolls nothing.
      if (!(event instanceof PointerEvent) || event.buttons > 0) inputAt.current = event.timeStamp;
    };
    for (const name of inputs) element.addEventListener(name, note, { passive: true });
    return () => {
      observer.disconnect();
      for (const name of inputs) element.removeEventListener(name, note);
    };
  }, [channelId]);

  function loadIfNear(): void {
    const { current: element } = ref;
    if (!element || !hasMore || isLoading.current || isAtEnd.current || element.scrollTop > nearStart) return;
    isLoading.current = true;
    void loadOlder().then(() => {
      isLoading.current = false;
    });
  }

  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
  }, [count]);

  // A page of short messages may leave the start as near as it was.
  useEffect(() => {
    const frame = requestAnimationFrame(loadIfNear);
    return () => cancelAnimationFrame(frame);
  });

  return {
    ref,
    onScroll({ currentTarget, timeStamp }: { currentTarget: HTMLDivElement; timeStamp: number }) {
      const { scrollTop, scrollHeight: height, clientHeight: shown } = currentTarget;
      const isSameSize = known.current.height === height && known.current.shown === shown;
      known.current = { height, shown };
      const isNow = height - scrollTop - shown < nearEnd;
      // Content that changes its size scrolls too: that does not leave the end.
      if (isNow || isSameSize || timeStamp - inputAt.current < inputMs) isAtEnd.current = isNow;
      else if (isAtEnd.current) toEnd();
      loadIfNear();
    },
  };
}
