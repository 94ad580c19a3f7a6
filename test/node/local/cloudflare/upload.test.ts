import { expect, it } from "vitest";
import { readUpload, type Upload } from "../../../../local/cloudflare/upload.ts";

const metadata = { main_module: "worker.js", bindings: [] as object[], compatibility_date: "2026-10-01" };

function read(given: object, files: Record<string, string | Blob> = {}, before?: Upload) {
  const form = new FormData();
  form.set("metadata", JSON.stringify({ ...metadata, ...given }));
  for (const [name, content] of Object.entries(files)) form.set(name, content);
  return readUpload(new Request("http://api.test", { method: "PUT", body: form }), before);
}

it("reads the modules, without their source maps", async () => {
  const module = new File(["export default {}"], "worker.js");
  const upload = await read({}, { "worker.js": module, "worker.js.map": "{}", "other.js": "export {}" });
  expect(upload).toEqual({
    mainModule: "worker.js",
    modules: new Map([
      ["worker.js", "export default {}"],
      ["other.js", "export {}"],
    ]),
    compatibilityDate: "2026-10-01",
    compatibilityFlags: [],
    bindings: {},
    versionBinding: undefined,
    tag: "",
  });
});

it("reads variables, secrets, the tag, the flags, and the name of the version", async () => {
  const upload = await read({
    compatibility_flags: ["nodejs_compat"],
    annotations: { "workers/tag": "abc", "workers/message": "no" },
    bindings: [
      { name: "PLAIN", type: "plain_text", text: "a" },
      { name: "EMPTY", type: "plain_text" },
      { name: "SECRET", type: "secret_text", text: "b" },
      { name: "LIST", type: "json", json: [1] },
      { name: "NOTHING", type: "json" },
      { name: "STORE", type: "kv_namespace", text: "no" },
      { name: "VERSION", type: "version_metadata" },
    ],
  });
  expect(upload).toMatchObject({ compatibilityFlags: ["nodejs_compat"], tag: "abc", versionBinding: "VERSION" });
  expect(upload.bindings).toEqual({ PLAIN: "a", EMPTY: "", SECRET: "b", LIST: [1], NOTHING: null });
});

it("keeps the secrets of the version before, unless they are given anew", async () => {
  const before = await read({
    bindings: ["KEPT", "GIVEN"].map((name) => ({ name, type: "secret_text", text: "old" })),
  });
  const upload = await read({ bindings: [{ name: "GIVEN", type: "secret_text", text: "new" }] }, {}, before);
  expect(upload.bindings).toEqual({ KEPT: "old", GIVEN: "new" });
});

it("refuses an upload without metadata", async () => {
  const body = new FormData();
  body.set("worker.js", "export {}");
  await expect(readUpload(new Request("http://api.test", { method: "PUT", body }), undefined)).rejects.toThrow();
});
