/** A Worker as wrangler uploads it. */
export interface Upload {
  mainModule: string;
  modules: ReadonlyMap<string, string>;
  compatibilityDate: string;
  compatibilityFlags: readonly string[];
  /** Variables and secrets, as the Worker sees them. */
  bindings: Readonly<Record<string, Json>>;
  /** The name under which the Worker sees its own version, if it asks for that. */
  versionBinding: string | undefined;
  /** What `--tag` gave it. */
  tag: string;
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

interface Binding {
  name: string;
  type: string;
  text?: string;
  json?: Json;
}

interface Metadata {
  main_module: string;
  bindings: Binding[];
  compatibility_date: string;
  compatibility_flags?: string[];
  annotations?: Record<string, string>;
}

/** Reads an upload. `before` has the secrets that stay although this upload does not name them. */
export async function readUpload(request: Request, before: Upload | undefined): Promise<Upload> {
  const form = await request.formData();
  const metadata = JSON.parse(await textOf(form.get("metadata"))) as Metadata;
  const modules = new Map<string, string>();
  for (const [name, part] of form)
    if (name !== "metadata" && !name.endsWith(".map")) modules.set(name, await textOf(part));
  const given = metadata.bindings.flatMap(({ name, type, text, json }): [string, Json][] =>
    type === "plain_text" || type === "secret_text"
      ? [[name, text ?? ""]]
      : type === "json"
        ? [[name, json ?? null]]
        : [],
  );
  return {
    mainModule: metadata.main_module,
    modules,
    compatibilityDate: metadata.compatibility_date,
    compatibilityFlags: metadata.compatibility_flags ?? [],
    bindings: { ...before?.bindings, ...Object.fromEntries(given) },
    versionBinding: metadata.bindings.find(({ type }) => type === "version_metadata")?.name,
    tag: metadata.annotations?.["workers/tag"] ?? "",
  };
}

const textOf = async (part: string | File | null): Promise<string> =>
  typeof part === "string" ? part : ((await part?.text()) ?? "");
