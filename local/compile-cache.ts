import { join } from "node:path";

/** Returns the folder in which Node keeps the compiled files of a project, beside what wrangler keeps. Git ignores it. */
export const compileCacheOf = (root: string): string => join(root, ".wrangler/compile-cache");
