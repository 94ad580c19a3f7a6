import { expect, it } from "vitest";
import { UsageError } from "../../../../local/command-line.ts";
import { readAction } from "../../../../local/send/action.ts";
import { typedLine } from "../../../../local/send/typed-line.ts";

it.each([
  ["/ping", "/ping"],
  ["/remind me about:tea in:10m ", "/remind me about:tea in:10m"],
  ["", ""],
  // cmd.exe and PowerShell's call of npm.cmd
  ["'/ping'", "/ping"],
  ["'/remind me about:tea in:10m'", "/remind me about:tea in:10m"],
  ["'/poll question:What's for lunch?'", "/poll question:What's for lunch?"],
  // Git Bash, MSYS2, Cygwin
  ["C:/Program Files/Git/ping", "/ping"],
  ["'C:/Program Files/Git/ping'", "/ping"],
  ["C:/Program Files/Git/remind me about:tea in:10m", "/remind me about:tea in:10m"],
  ["D:/tools/PortableGit/quote text:https://git.example/git/a", "/quote text:https://git.example/git/a"],
  [String.raw`C:\msys64\ping`, "/ping"],
  ["C:/cygwin64/ping", "/ping"],
  ["c:/git/ping", "/ping"],
  ["//ping", "/ping"],
  ["///ping", "/ping"],
])("reads %j as %j", (given, line) => {
  expect(typedLine(given)).toBe(line);
});

it.each(["C:/ping", "C:/Users/ada/ping", "E:/Program Files/Git/"])("names the cure for %s", (given) => {
  expect(() => typedLine(given)).toThrow(UsageError);
  expect(() => typedLine(given)).toThrow("MSYS_NO_PATHCONV=1");
});

it("takes the quotes of cmd.exe from options too, and leaves an apostrophe alone", () => {
  expect(readAction({ click: "'Pizza'" }, "")).toEqual({ click: "Pizza" });
  expect(readAction({ submit: ["'Question=Lunch?'"] }, "")).toEqual({ submit: { Question: "Lunch?" } });
  expect(readAction({ click: "'Tis" }, "")).toEqual({ click: "'Tis" });
  expect(readAction({ click: "'A' or 'B'" }, "")).toEqual({ click: "'A' or 'B'" });
});
