import { stripVTControlCharacters, styleText } from "node:util";
import { expect, it } from "vitest";
import { renderModal } from "../../../../local/render/modal.ts";

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
});
