import { expect, it } from "vitest";
import { DiscordError } from "../../../../../local/discord/errors.ts";
import {
  checkUploads,
  keepFile,
  keepUploads,
  keptAttachments,
  maxFileBytes,
  uploadsIn,
} from "../../../../../local/discord/messages/uploads.ts";
import { startWorld } from "../interactions/support.ts";

const fileOf = (size: number, name = "a.txt", type = "text/plain") => new File([new Uint8Array(size)], name, { type });
const mib = 1_048_576;

function refusal(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof DiscordError ? error.toJSON() : error;
  }
}

it("takes files of 10 MiB, 25 MiB in all", () => {
  const check = (...sizes: number[]) =>
    refusal(() =>
      checkUploads(
        sizes.map((size, id) => ({ id, file: fileOf(size) })),
        undefined,
        { path: "" },
      ),
    );
  const tooLarge = { message: "Request entity too large", code: 40_005 };
  expect(maxFileBytes).toBe(10 * mib);
  expect(check(10 * mib)).toBeUndefined();
  expect(check(10 * mib + 1)).toEqual(tooLarge);
  expect(check(10 * mib, 10 * mib, 5 * mib)).toBeUndefined();
  expect(check(10 * mib, 10 * mib, 5 * mib + 1)).toEqual(tooLarge);
});

it("wants a file for each description: a new one by its number, or an old one by its ID", () => {
  const before = [{ id: "77" }] as never[];
  const check = (described: unknown, path = "") =>
    refusal(() => checkUploads([{ id: 0, file: fileOf(1) }], described, { path, before }));
  expect(check([{ id: 0 }, { id: "77" }])).toBeUndefined();
  expect(check("x")).toBeUndefined();
  expect(check([{ id: 0 }, { id: 1 }], "data")).toMatchObject({
    code: 50_035,
    errors: {
      data: {
        attachments: { "1": { _errors: [{ code: "ATTACHMENT_NOT_FOUND", message: "Attachment id 1 has no file." }] } },
      },
    },
  });
});

it.each<[string, string, object | undefined, string, number | undefined]>([
  ["its own name", "a b/ö.txt", undefined, "a_b__.txt", undefined],
  ["the described name", "a.txt", { filename: "b-c_d.9" }, "b-c_d.9", undefined],
  ["its own name with a spoiler's flag", "a.txt", { is_spoiler: true }, "a.txt", 8],
  ["its own name without one", "a.txt", { is_spoiler: false }, "a.txt", undefined],
  ["a name that marks a spoiler", "SPOILER_a.txt", undefined, "SPOILER_a.txt", 8],
  ["no name at all", "", undefined, "file", undefined],
])("stores a file under %s", async (_name, own, about, expected, flags) => {
  const { context } = startWorld();
  const described = about && [{ id: "0", ...about }];
  const uploads = [{ id: 0, file: fileOf(3, own) }];
  expect(checkUploads(uploads, described, { path: "" })).toEqual([{ filename: expected }]);
  const [kept] = await keepUploads(context, uploads, described, { channelId: "5", isEphemeral: false });
  expect(kept?.filename).toBe(expected);
  expect(kept?.flags).toBe(flags);
});

it("keeps a file with its description, and serves it at its address", async () => {
  const { context, simulator } = startWorld();
  const uploads = [
    { id: 3, file: fileOf(4, "a.txt") },
    { id: 4, file: fileOf(2, "b", "") },
  ];
  const [first, second] = await keepUploads(context, uploads, [{ id: 3, description: "About" }], {
    channelId: "5",
    isEphemeral: true,
  });
  const url = `http://x.test/attachments/5/${first?.id}/a.txt`;
  expect(first).toEqual({
    id: expect.stringMatching(/^\d+$/),
    filename: "a.txt",
    size: 4,
    url,
    proxy_url: url,
    content_type: "text/plain",
    description: "About",
    ephemeral: true,
  });
  expect(second).toMatchObject({ content_type: "application/octet-stream", size: 2 });
  expect(second).not.toHaveProperty("description");
  expect(context.files.get(`5/${first?.id}/a.txt`)).toEqual({ bytes: new ArrayBuffer(4), type: "text/plain" });
  const plain = await keepFile(context, fileOf(1), { channelId: "5", isEphemeral: false });
  expect(plain).not.toHaveProperty("ephemeral");
  expect((await simulator.app.request("/attachments/5/1/none.txt")).status).toBe(404);
});

it("reads the files of a form by their numbers, and nothing else", () => {
  const form = new FormData();
  form.append("files[12]", fileOf(1));
  form.append("files[x]", fileOf(1));
  form.append("files[1]x", fileOf(1));
  form.append("files[2]", "text");
  expect(uploadsIn(form).map(({ id }) => id)).toEqual([12]);
});

it("keeps the files that an edit lists, all without a list", () => {
  const before = [
    { id: "1", filename: "a" },
    { id: "2", filename: "b" },
  ] as never[];
  expect(keptAttachments(before, undefined)).toEqual(before);
  expect(keptAttachments(before, [{ id: 2 }])).toEqual([{ id: "2", filename: "b" }]);
  for (const none of [[], null]) expect(keptAttachments(before, none)).toEqual([]);
});

it.each<[string, object, object]>([
  ["keeps the description and the spoiler of a file", {}, { description: "Old", flags: 8 }],
  ["changes the description of a file", { description: "New" }, { description: "New", flags: 8 }],
  ["removes the description of a file", { description: null }, { flags: 8 }],
  ["uncovers a spoiler", { is_spoiler: false }, { description: "Old" }],
  ["keeps a spoiler that it does not mention", { is_spoiler: null }, { description: "Old", flags: 8 }],
])("an edit %s", (_name, entry, expected) => {
  const before = [{ id: "1", filename: "a.txt", description: "Old", flags: 8 }] as never[];
  expect(keptAttachments(before, [{ id: "1", ...entry }])).toEqual([{ id: "1", filename: "a.txt", ...expected }]);
});
