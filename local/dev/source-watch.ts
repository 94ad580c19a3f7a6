import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { projectPath } from "./project-path.ts";

/**
 * Calls `onSaved` with the path of each file below `folder` that is written, made, moved or deleted, and of the files in
 * `root` called `files`. Returns a function that ends the watch.
 *
 * Each folder is watched, not each file: editors replace files.
 */
export function watchSources(
  { root, folder, files }: { root: string; folder: string; files: readonly string[] },
  onSaved: (path: string) => void,
): () => void {
  const watchers = new Map<string, FSWatcher>();

  function watchFolder(path: string): void {
    if (watchers.has(path)) return;
    const watcher = watch(path, (event, name) => {
      if (name === null || isTemporary(name)) return;
      const changed = join(path, name);
      const wasFolder = watchers.has(changed);
      // A folder that takes the place of another of its name is watched anew.
      if (event === "rename") forget(changed);
      watchTree();
      if (name.includes(".") || wasFolder || watchers.has(changed)) onSaved(projectPath(root, changed));
    });
    watcher.once("error", () => forget(path));
    watchers.set(path, watcher);
  }

  function forget(path: string): void {
    watchers.get(path)?.close();
    watchers.delete(path);
  }

  /** Watches folders that are new, and forgets those that are gone. */
  function watchTree(): void {
    const present = new Set(foldersIn(join(root, folder)));
    for (const path of watchers.keys()) if (!present.has(path)) forget(path);
    for (const path of present) watchFolder(path);
  }

  watchTree();
  const beside = watch(root, (_event, name) => {
    if (name !== null && files.includes(name)) onSaved(name);
    // The folder itself may be replaced, by a change of branch say.
    if (name === folder) {
      forget(join(root, folder));
      watchTree();
      onSaved(name);
    }
  });
  return () => {
    beside.close();
    for (const watcher of watchers.values()) watcher.close();
  };
}

// --- Internal helpers ---

/** Files that editors keep beside the edited one; so are those without an extension, such as `4913` and `sedKw3Yb1`. */
const isTemporary = (name: string): boolean => /^\.|~$|^#|\.(?:sw.|tmp)$/.test(name);

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [path, ...entries.flatMap(({ name }) => foldersIn(join(path, name)))];
  } catch {
    // It has been deleted meanwhile.
    return [];
  }
}
