/** The last `size` ids, oldest first. Plain data. */
export interface Memory {
  readonly size: number;
  readonly ids: Set<string>;
}

export const createMemory = (size: number, ids: readonly string[] = []): Memory => ({ size, ids: new Set(ids) });

export const isRemembered = (memory: Memory, id: string): boolean => memory.ids.has(id);

export function remember({ ids, size }: Memory, id: string): void {
  ids.add(id);
  if (ids.size <= size) return;
  for (const oldest of ids) {
    ids.delete(oldest);
    return;
  }
}
