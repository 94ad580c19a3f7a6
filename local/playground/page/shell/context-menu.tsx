import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { usePopup } from "../components/popup.ts";

export interface MenuItem {
  label: string;
  /** A heading above the items that have it. */
  group?: string;
  onSelect: () => void;
}

interface ContextMenu {
  /** Opens the menu at the pointer, in place of the browser's. */
  openAt(event: MouseEvent, items: readonly MenuItem[]): void;
  openBeside(element: Element, items: readonly MenuItem[]): void;
}

interface Open {
  anchor: Element | { x: number; y: number };
  items: readonly MenuItem[];
}

const MenuContext = createContext<ContextMenu | undefined>(undefined);

export function useContextMenu(): ContextMenu {
  const menu = useContext(MenuContext);
  if (menu) return menu;
  throw new Error("The component is outside of ContextMenuProvider.");
}

/** Holds the page's one context menu. */
export function ContextMenuProvider({ children }: { children: ComponentChildren }): JSX.Element {
  const [shown, show] = useState<Open>();
  const value = useMemo<ContextMenu>(
    () => ({
      openAt(event, items) {
        event.preventDefault();
        show({ anchor: { x: event.clientX, y: event.clientY }, items });
      },
      openBeside: (anchor, items) => show({ anchor, items }),
    }),
    [],
  );
  return (
    <MenuContext.Provider value={value}>
      {children}
      {shown && <MenuList open={shown} onClose={() => show(undefined)} />}
    </MenuContext.Provider>
  );
}

// --- Internal helpers ---

function MenuList({ open: { anchor, items }, onClose }: { open: Open; onClose: () => void }): JSX.Element {
  const popup = usePopup<HTMLDivElement>({ isOpen: true, anchor: () => anchor, onClose });
  const buttons = () => [...(popup.current?.querySelectorAll("button") ?? [])];
  useLayoutEffect(() => {
    const before = document.activeElement;
    buttons()[0]?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);

  function onKey(event: KeyboardEvent): void {
    const all = buttons();
    const at = all.findIndex((button) => button === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (next === undefined) return;
    else all[next % all.length]?.focus();
    event.preventDefault();
  }

  return (
    <div ref={popup} popover="manual" role="menu" class="context-menu" aria-label="Actions" onKeyDown={onKey}>
      {items.map(({ label, group, onSelect }, index) => (
        <>
          {group !== undefined && group !== items[index - 1]?.group && (
            <div class="menu-group" role="presentation">
              {group}
            </div>
          )}
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              onClose();
              onSelect();
            }}
          >
            {label}
          </button>
        </>
      ))}
    </div>
  );
}
