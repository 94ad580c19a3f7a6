import { useLayoutEffect, useRef } from "preact/hooks";

export interface PopupOptions {
  isOpen: boolean;
  /** The element beside which the popup opens, or a point of the window. */
  anchor: () => Element | null | { x: number; y: number };
  onClose: () => void;
  /** Whether the popup is as wide as its anchor. Default: false. */
  isWide?: boolean;
}

const gap = 4;

/**
 * Returns a reference for an element with `popover="manual"`, which it shows above everything while it is open: below
 * its anchor, or above it where there is no room. It follows its anchor. A click elsewhere closes it.
 */
export function usePopup<E extends HTMLElement>({ isOpen, anchor, onClose, isWide = false }: PopupOptions) {
  const popup = useRef<E>(null);
  useLayoutEffect(() => {
    const { current: element } = popup;
    const beside = anchor();
    if (!isOpen || !element || !beside) return undefined;
    element.showPopover();
    const follow = () => place(element, beside, isWide);
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    const isInside = (target: EventTarget | null) =>
      target instanceof Node && (element.contains(target) || (beside instanceof Element && beside.contains(target)));
    const leave = (event: Event) => {
      if (!isInside(event.target)) onClose();
    };
    addEventListener("pointerdown", leave, { capture: true });
    addEventListener("scroll", follow, { capture: true, passive: true });
    addEventListener("resize", follow);
    return () => {
      observer.disconnect();
      removeEventListener("pointerdown", leave, { capture: true });
      removeEventListener("scroll", follow, { capture: true });
      removeEventListener("resize", follow);
      if (element.matches(":popover-open")) element.hidePopover();
    };
    // The anchor and the callback are new at every rendering.
  }, [isOpen]);
  return popup;
}

// --- Internal helpers ---

function place(element: HTMLElement, beside: Element | { x: number; y: number }, isWide: boolean): void {
  const box =
    beside instanceof Element
      ? beside.getBoundingClientRect()
      : { left: beside.x, top: beside.y, bottom: beside.y, width: 0 };
  if (isWide) element.style.width = `${box.width}px`;
  const { offsetWidth: width, offsetHeight: height } = element;
  const fitsBelow = box.bottom + gap + height <= innerHeight;
  element.style.left = `${Math.max(gap, Math.min(box.left, innerWidth - width - gap))}px`;
  // Above its anchor a popup grows upwards.
  element.style.top = fitsBelow ? `${box.bottom + gap}px` : "auto";
  element.style.bottom = fitsBelow ? "auto" : `${Math.min(innerHeight - box.top + gap, innerHeight - height - gap)}px`;
}
