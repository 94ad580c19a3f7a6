import { describe, expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";
import { commandBody, commandsOf } from "../../../src/discord/index.ts";
import { handlers } from "../fixtures/misbehaving-bot/handlers.ts";

// Whole conversations with a Worker whose handlers are slow, late and broken: what people see, and what Discord refuses.

const sim = await startSim({
  configPath: "./test/e2e/fixtures/misbehaving-bot/wrangler.toml",
  commands: commandsOf(handlers).map(commandBody),
  env: { LOG_LEVEL: "error" },
});

describe.concurrent("a handler that takes more than two seconds", () => {
  it.for([
    ["message", "done", false],
    ["v2", "done in V2", false],
    ["whisper", "for you alone", true],
    ["error", "Something went wrong", false],
    ["nothing", "Something went wrong", false],
    ["form", "Something went wrong", false],
    ["refused", "Something went wrong", false],
  ] as const)("defers a slow answer that ends with %s", async ([end, text, isEphemeral], { expect }) => {
    const shown = await sim.command(`/slow end:${end}`);
    expect(shown.raw.body).toEqual({ type: 5 });
    const done =
      shown.raw.answer.kind === "deferred" || shown.raw.answer.kind === "acknowledged" ? await shown.later() : shown;
    expect(done.text).toContain(text);
    expect(done.text).not.toContain("late failure");
    if (isEphemeral) expect(done.isEphemeral).toBe(true);
  });

  it("defers ephemerally where the command is declared ephemeral", async ({ expect }) => {
    const shown = await sim.command("/slow-quiet");
    expect(shown.raw.body).toEqual({ type: 5, data: { flags: 64 } });
    expect([shown.text, shown.isEphemeral]).toEqual([expect.stringContaining("quietly done"), true]);
  });

  it("sends the files of a slow answer with the edit", async ({ expect }) => {
    const [file] = (await sim.command("/slow end:file")).files;
    expect([file?.name, await file?.text()]).toEqual(["late.txt", "late"]);
  });

  it("changes the message of a slow button at the end, without a notice before", async ({ expect }) => {
    const pressed = await (await sim.command("/panel")).click("Slow");
    expect(pressed.raw.body).toEqual({ type: 6 });
    expect((await pressed.later()).text).toContain("Panel, pressed");
  });

  it("reports the failure of a slow button beside the message", async ({ expect }) => {
    const failed = await (await (await sim.command("/panel")).click("Late")).later();
    expect(failed.text).toContain("Panel");
    expect(failed.text).toContain("Something went wrong");
    expect(failed.isEphemeral).toBe(true);
  });
});

describe("after the first answer", () => {
  it("edits and follows up where a handler asked for a deferral", async () => {
    let shown = await sim.command("/asked");
    expect(shown.raw.body).toEqual({ type: 5, data: { flags: 64 } });
    while (!shown.text.includes("all the way")) shown = await shown.later();
    expect(shown.text).toContain("beside it, changed");
    expect(shown.isEphemeral).toBe(false);
  });

  it("answers with a reference to the log when a handler follows up too early", async () => {
    const { text } = await sim.command("/early");
    expect(text).toMatch(/Something went wrong.*mention \w{8}\./);
  });

  it("sends follow-ups in order", async () => {
    let shown = await sim.command("/after count:3");
    while (!shown.text.includes("follow-up 3")) shown = await shown.later();
    expect(shown.raw.messages.map(({ content }) => content)).toEqual([
      "first",
      "follow-up 1",
      "follow-up 2",
      "follow-up 3",
    ]);
  });

  it("allows a user install five follow-ups and reports the sixth", async () => {
    let shown = await sim.as("ada", { userInstall: true }).command("/after count:6");
    while (!shown.text.includes("may follow up five times")) shown = await shown.later();
    expect(shown.raw.messages).toHaveLength(6);
  });

  it("deletes an answer", async () => {
    const gone = await (await sim.command("/vanish")).later();
    expect(gone.raw.messages).toEqual([]);
  });
});

describe("components and forms", () => {
  it("hands a menu's choices to the handler, including none", async () => {
    const panel = await sim.command("/panel");
    expect((await panel.select(["Red", "blue"], "Colours")).text).toContain("Chosen: red and blue");
    expect((await (await sim.command("/panel")).select([], "colour")).text).toContain("Chosen: nothing");
    expect((await (await sim.command("/panel")).select("robin", "Who")).text).toContain("robin, a member");
  });

  it("refuses clicks and choices that Discord's client does not allow", async () => {
    const panel = await sim.command("/panel");
    await expect(panel.click("Off")).rejects.toThrow('The button "Off" is disabled');
    await expect(panel.click("Nope")).rejects.toThrow('no button "Nope". It has: "Slow"');
    await expect(panel.select(["Red", "Green", "Blue"], "Colours")).rejects.toThrow("takes 0 to 2 choices, not 3");
    const whisper = await panel.click("Whisper");
    await expect(whisper.as("robin").click("x")).rejects.toThrow(/There is no message \d+ here that robin can see/);
  });

  it("submits a form to the message whose button opened it", async () => {
    const opened = await (await sim.command("/panel")).click("Form");
    expect(opened.form).toEqual({ title: "All fields", fields: ["Name", "Colours", "Person"] });
    const entered = { Name: "Ada", Colours: ["Red", "Green"], Person: "@linus" };
    await expect(opened.submit({ ...entered, Name: "" })).rejects.toThrow('"Name" must be filled in');
    await expect(opened.submit({ ...entered, Name: "x".repeat(11) })).rejects.toThrow(
      '"Name" takes 1 to 10 characters',
    );
    await expect(opened.submit({ ...entered, Nome: "x" })).rejects.toThrow('no field "Nome". It has: "Name"');
    await expect(opened.as("robin").submit(entered)).rejects.toThrow("robin cannot see that form");
    const submitted = await opened.submit(entered);
    expect(submitted.raw.body).toMatchObject({ type: 7 });
    expect(submitted.text).toContain("Ada red+green linus");
    await expect(opened.submit(entered)).rejects.toThrow("already been submitted");
  });

  it("hands every kind of field of a form to the handler, filled in or not", async () => {
    const opened = await sim.command("/fill");
    await expect(opened.submit({})).rejects.toThrow('"Size" needs a choice');
    const entered = { Place: "#news", File: [{ name: "a.txt", data: "abc" }], Size: "L", Extras: ["Salt"], Sure: true };
    expect((await opened.submit(entered)).text).toContain("news a.txt L salt true");
    expect((await (await sim.command("/fill")).submit({ Size: "S" })).text).toContain("undefined undefined S  false");
  });
});

describe("a wizard", () => {
  it("asks step by step, shows a review, and finishes, separately for each person", async () => {
    const bread = await sim.command("/order");
    expect(bread.text).toMatch(/A sandwich\n.*Step 1 of 2 · Bread\n.*Which bread\?/);
    const wishes = await bread.select("Wheat");
    const review = await (await wishes.click("Write")).submit({ Wishes: "no onions" });
    expect(review.text).toContain("wheat, no onions");
    const again = await (await review.click("Back")).click("Next");
    expect(again.text).toContain("wheat, no onions");
    expect((await again.click("Save")).text).toContain("One on wheat, coming up.");
    expect((await sim.as("robin").in("dm").command("/order")).text).toContain("Step 1 of 2");
  });
});

it("hands an attached file to the handler", async () => {
  const { text } = await sim.command("/upload", {
    file: { name: "words.txt", type: "text/plain", data: "some words" },
  });
  expect(text).toContain("words.txt: some words");
});

it("hands a person's entitlements to the handler", async () => {
  await sim.discord.app.request(`/api/v10/applications/${sim.discord.applicationId}/entitlements`, {
    method: "POST",
    headers: { Authorization: `Bot ${sim.discord.botToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ sku_id: "1100000000000000301", owner_id: "1100000000000000013", owner_type: 2 }),
  });
  expect((await sim.as("linus").command("/paid")).text).toContain("golden feathers");
  expect((await sim.command("/paid")).text).toContain("plain feathers");
});

it("handles a webhook event once for three deliveries, and answers its PING", async () => {
  sim.redis.resetCounters();
  const data = { user: { id: "1100000000000000011", username: "ada" }, scopes: ["applications.commands"] };
  expect(await sim.discord.webhookEvent("APPLICATION_AUTHORIZED", data, 3)).toEqual({
    status: 204,
    body: "",
    problems: [],
  });
  await expect.poll(() => sim.redis.counters().byCommand["SET"]).toBe(3);
  expect(await sim.discord.webhookPing()).toMatchObject({ problems: [] });
});

it("launches an activity from the entry point command", async () => {
  expect(await sim.discord.entryPoint()).toMatchObject({ answer: { kind: "activity" }, problems: [] });
});
