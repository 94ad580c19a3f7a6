import { stripVTControlCharacters, styleText } from "node:util";
import { beforeEach, expect, it, vi } from "vitest";
import { renderModal } from "../../../../local/render/modal.ts";

// Colours are what is looked at here, wherever the tests run.
beforeEach(() => {
  vi.stubEnv("FORCE_COLOR", "1");
  vi.stubEnv("NO_COLOR", undefined);
  return () => vi.unstubAllEnvs();
});

const options = { names: {}, now: 0 };
const shown = (modal: Parameters<typeof renderModal>[0]) => stripVTControlCharacters(renderModal(modal, options));

it("shows a form: texts, labelled fields, and fields of action rows", () => {
  const choices = ["Tea", "Coffee"].map((label) => ({ label }));
  expect(
    shown({
      title: "Order",
      components: [
        { content: "**Welcome**" },
        { label: "Name", description: "Yours", component: { type: 4, placeholder: "Ada" } },
        { label: "Note", component: { type: 4, value: "none", placeholder: "x", required: false } },
        { label: "Drink", component: { type: 21, options: choices, required: true } },
        { label: "Sugar", component: { type: 23 } },
        { components: [{ type: 4, label: "Old" }] },
        {},
      ],
    }),
  ).toBe(
    [
      "Order",
      "Welcome",
      "Name *",
      "Yours",
      "[ Ada ]",
      "Note",
      "[ none ]",
      "Drink *",
      "[ Tea, Coffee ]",
      "Sugar",
      "☐",
      "Old *",
      "[  ]",
    ]
      .map((line) => `│ ${line}`)
      .join("\n"),
  );
});

it("shows a form without anything, its title in bold", () => {
  expect(shown({})).toBe("│ ");
  expect(renderModal({ title: "T" }, options)).toBe(
    `${styleText("magenta", "│")} ${styleText(["bold", "underline"], "T")}`,
  );
  const [, ...lines] = renderModal(
    {
      components: [
        { label: "A", description: "B", component: { type: 4 } },
        { label: "C", component: { type: 23 } },
      ],
    },
    options,
  )
    .replaceAll(`${styleText("magenta", "│")} `, "")
    .split("\n");
  expect(lines).toEqual([
    styleText("bold", "A") + styleText("red", " *"),
    styleText("dim", "B"),
    "[  ]",
    styleText("bold", "C"),
    "☐",
  ]);
});
