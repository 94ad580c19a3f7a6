import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface StickyScrollOptions {
  hasMore: boolean;
  /** How many messages are shown. */
  count: number;
  loadOlder: () => Promise<void>;
}

const nearEnd = 48;
const nearStart = 800;

/**
 * Returns what a scrolled element needs to stay at its end while it is there, whatever grows inside, and to load older
 * content before its start is reached. The browser's scroll anchoring keeps the content in place.
 */
export function useStickyScroll(channelId: string, { hasMore, count, loadOlder }: StickyScrollOptions) {
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const isLoading = useRef(false);
  const toEnd = () => ref.current?.scrollTo({ top: ref.current.scrollHeight, behavior: "instant" });

  useLayoutEffect(() => {
    isAtEnd.current = true;
    isLoading.current = false;
    toEnd();
    const content = ref.current?.firstElementChild;
    if (!ref.current || !content) return undefined;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    observer.observe(content);
    observer.observe(ref.current);
    return () => observer.disconnect();
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
    onScroll({ currentTarget }: { currentTarget: HTMLDivElement }) {
      const { scrollTop, scrollHeight, clientHeight } = currentTarget;
      isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
      loadIfNear();
    },
  };
}
