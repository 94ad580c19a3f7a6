import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../src/runtime/config.ts";

// The workflows of .github/ against what they name, and their scripts run as GitHub runs them.

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const deploy = read(".github/workflows/deploy.yml");
const workflows = readdirSync(join(root, ".github/workflows")).map((name) => [
  name,
  read(`.github/workflows/${name}`),
]) as [string, string][];
const required = readConfig({}).problems.map(({ variable }) => variable);
/** All that a person sets as a secret: the rest of the table has defaults, and is in wrangler.toml. */
const secrets = [
  ...required,
  "DISCORD_BOT_TOKEN",
  "ADMIN_TOKEN",
  "QSTASH_CURRENT_SIGNING_KEY",
  "QSTASH_NEXT_SIGNING_KEY",
];
const cloudflare = ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID"];

/** Returns the script of a named step. */
function scriptOf(step: string): string {
  const [, block = ""] =
    new RegExp(`- name: ${step}\\n(?: {8}(?!run).*\\n)* {8}run: \\|\\n((?: {10}.*\\n)+)`).exec(deploy) ?? [];
  return block.replace(/^ {10}/gm, "");
}

/** Runs a script as GitHub does: by bash, ending at the first failure. */
function bash(script: string, env: Record<string, string>): string {
  return execFileSync("bash", ["--noprofile", "--norc", "-e", "-c", script], {
    cwd: root,
    env: { PATH: process.env["PATH"], ...env },
    encoding: "utf8",
  });
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-workflow-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The first major versions that run on Node 24: GitHub's runners have had no Node 20 since September 2026. */
const onNode24: Readonly<Record<string, number>> = { checkout: 5, "setup-node": 5 };

it.each(workflows)("uses actions that run on a Node that GitHub's runners have, in %s", (_name, text) => {
  const used = [...text.matchAll(/uses: actions\/([\w-]+)@v(\d+)$/gm)];
  expect(used.length).toBeGreaterThan(0);
  for (const [, action = "", major] of used)
    expect(Number(major)).toBeGreaterThanOrEqual(onNode24[action] ?? Number.POSITIVE_INFINITY);
});

it.each(workflows)("runs only npm scripts that exist, with the permission to read alone, in %s", (_name, text) => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/npm (?:run )?([\w:-]+)/g)]
    .map(([, script = ""]) => script)
    .filter((one) => one !== "ci");
  expect(named.length).toBeGreaterThan(0);
  for (const script of named) expect(Object.keys(scripts)).toContain(script);
  expect(text).toContain("permissions:\n  contents: read\n");
  expect(text).not.toMatch(/\t|pull_request_target/);
  for (const [, used] of text.matchAll(/uses: (.*)/g)) expect(used).toMatch(/^actions\/[\w-]+@v\d+$/);
});

it("takes from the repository the secrets of the configuration, and Cloudflare's", () => {
  const given = [...deploy.matchAll(/^ {6}(\w+): \$\{\{ secrets\.(\w+) \}\}$/gm)];
  for (const [, name, secret] of given) expect(secret).toBe(name);
  expect(new Set(given.map(([, name]) => name))).toEqual(new Set([...cloudflare, ...secrets]));
  for (const name of secrets) expect(read("src/runtime/config.ts")).toContain(`  ${name}: `);
});

it("says kindly which secrets are missing, and goes on only with all that are needed", () => {
  const output = join(scratch(), "output");
  writeFileSync(output, "");
  const all = Object.fromEntries([...cloudflare, ...secrets].map((name) => [name, "x"]));
  const script = scriptOf("Look for the secrets");
  expect(bash(script, { ...all, UPSTASH_REDIS_REST_URL: "", GITHUB_OUTPUT: output })).toMatch(
    /^::notice title=Not deployed::Nothing is wrong\. .*: UPSTASH_REDIS_REST_URL\n$/,
  );
  expect(readFileSync(output, "utf8")).toBe("");
  const { ADMIN_TOKEN: _unset, CLOUDFLARE_ACCOUNT_ID: _neither, ...needed } = all;
  expect(bash(script, { ...needed, GITHUB_OUTPUT: output })).toBe("");
  expect(readFileSync(output, "utf8")).toBe("ready=yes\n");
  for (const name of required) expect(script).toContain(name);
  const steps = deploy.split(/^ {6}- /m).slice(2);
  expect(steps.filter((step) => !step.includes("if: steps.secrets.outputs.ready"))).toEqual([]);
});

it.each([0, 1])(
  "deploys with a file of the secrets that are set, and removes it when wrangler ends with %i",
  (code) => {
    const folder = scratch();
    const npm = join(folder, "npm");
    writeFileSync(npm, `#!/bin/sh\necho "$@"; cat "$5"; ls -l "$5" | cut -c1-10; exit ${code}\n`, { mode: 0o755 });
    const values = Object.fromEntries(secrets.map((name) => [name, `"${name}'\n$x`]));
    const script = `PATH="${folder}:$PATH"; ${scriptOf("Deploy with the secrets")}`;
    let printed = "";
    try {
      printed = bash(script, { ...values, ADMIN_TOKEN: "", RUNNER_TEMP: folder });
      expect(code).toBe(0);
    } catch (error) {
      expect(code).toBe(1);
      printed = (error as { stdout: string }).stdout;
    }
    const { ADMIN_TOKEN: _unset, ...set } = values;
    const [command, file = "", mode] = [
      printed.split("\n")[0],
      printed.split("\n")[1]?.slice(0, -10),
      printed.trim().slice(-10),
    ];
    expect([command, JSON.parse(file), mode]).toEqual([
      `run deploy -- --secrets-file ${folder}/secrets.json`,
      set,
      "-rw-------",
    ]);
    expect(() => statSync(join(folder, "secrets.json"))).toThrow("ENOENT");
  },
);

it("describes each variable that the Deploy button asks for", () => {
  const { cloudflare: button } = JSON.parse(read("package.json")) as {
    cloudflare: { bindings: Record<string, { description: string }> };
  };
  expect(Object.keys(button.bindings).toSorted()).toEqual([...required, "DISCORD_BOT_TOKEN"].toSorted());
  for (const { description } of Object.values(button.bindings)) expect(description).toMatch(/^[A-Z0-9].+\.$/);
});
