import { describe, expect, it } from "vitest";
import { startTown } from "./support.ts";

const town = await startTown();
const grace = town.as("grace.h");

describe("/setup", () => {
  it("asks for the settings step by step, shows all of them, and saves them", async () => {
    const language = await grace.command("/setup");
    expect([language.isEphemeral, language.text]).toEqual([true, expect.stringContaining("Step 1 of 4 · Language")]);
    expect(language.buttons).toEqual(["Next", "Cancel"]);
    const channel = await language.select("Deutsch");
    expect(channel.text).toContain("Step 2 of 4 · Announcements");
    const roles = await channel.select("#news");
    expect(JSON.stringify(roles.raw.messages)).toContain('"min_values":0,"max_values":10');
    expect(roles.buttons).toEqual(["Back", "Next", "Cancel"]);
    const words = await roles.select(["@Sailors"]);
    expect(words.text).toContain("Time zone UTC");
    const form = await words.click("Change them");
    expect(form.form).toEqual({ title: "Time zone and greeting", fields: ["Time zone", "Greeting"] });
    const wrong = await form.submit({ "Time zone": "Middle/Earth", Greeting: "Chirp!" });
    expect(wrong.text).toContain("⚠️ Middle/Earth is not a time zone.");
    expect([wrong.buttons, wrong.text]).toEqual([["Back", "Change them", "Cancel"], expect.stringContaining("Chirp!")]);
    const again = await wrong.click("Change them");
    const review = await again.submit({ "Time zone": " berlin" });
    const limits = [...JSON.stringify(form.raw.body).matchAll(/"max_length":(\d+)/g)].map(([, limit]) => limit);
    expect(limits).toEqual(["64", "500"]);
    expect(JSON.stringify(channel.raw.messages)).toContain('"min_values":0');
    for (const shown of ["Language Deutsch", "#1100000000000000112", "Europe/Berlin", "Chirp!"])
      expect(review.text).toContain(shown);
    const saved = await review.click("Save");
    expect([saved.text, saved.buttons]).toEqual([expect.stringContaining("Saved."), []]);
    expect((await grace.command("/help")).text).toMatch(/Chirp!/);
    const later = await grace.command("/setup");
    expect((await later.click("Next")).text).toContain("Step 2 of 4");
  });

  it("goes back and forth in the setup without losing choices", async () => {
    const first = await grace.command("/setup anew:true");
    const second = await first.select("Français");
    const back = await second.click("Back");
    expect(back.text).toContain("Step 1 of 4");
    expect(JSON.stringify(back.raw.messages)).toContain('"value":"fr","label":"Français","default":true');
    expect((await back.click("Next")).text).toContain("Step 2 of 4");
  });

  it("resumes the setup where it was left, in the same server only", async () => {
    const begun = await grace.command("/setup anew:true");
    await begun.select("Español");
    const resumed = await grace.command("/setup");
    expect(resumed.text).toContain("Step 2 of 4");
    expect(resumed.text).toContain("You left off here.");
    const elsewhere = await grace.in("#accueil").command("/setup");
    expect(elsewhere.text).toContain("Step 1 of 4");
    expect(elsewhere.text).not.toContain("You left off here.");
    expect((await grace.command("/setup")).text).toContain("Step 2 of 4");
    const anew = await grace.command("/setup anew:true");
    expect(anew.text).toContain("Step 1 of 4");
    expect((await resumed.click("Next")).text).toContain("This is over");
    // Beginning anew in one server leaves the draft of another.
    await elsewhere.click("Next");
    expect((await grace.in("#accueil").command("/setup")).text).toContain("You left off here.");
    await (await grace.in("#accueil").command("/setup")).click("Cancel");
  });

  it("refuses a click on an older message of the setup", async () => {
    const old = await grace.command("/setup anew:true");
    const same = await grace.command("/setup");
    await same.select("English");
    const late = await old.click("Next");
    expect([late.isEphemeral, late.text]).toEqual([true, expect.stringContaining("You went on from here already")]);
    expect((await grace.command("/setup")).text).toContain("Step 2 of 4");
  });

  it("changes no settings when the setup is cancelled", async () => {
    const begun = await grace.command("/setup anew:true");
    const cancelled = await (await begun.select("Español")).click("Cancel");
    expect([cancelled.text, cancelled.buttons]).toEqual([expect.stringContaining("Nothing was changed"), []]);
    expect((await grace.command("/session list")).text).toContain("You have no sessions.");
  });

  it("allows /setup to members who may manage the server only", async () => {
    await expect(town.as("robin").command("/setup")).rejects.toThrow("robin lacks the permissions to use /setup here");
  });
});

describe("/session", () => {
  it("lists a person's sessions and ends one or all of them", async () => {
    await grace.command("/setup anew:true");
    const listed = await grace.command("/session list");
    expect([listed.isEphemeral, listed.text]).toEqual([true, expect.stringContaining("Setting up a server, started")]);
    const [choice = ""] = await grace.complete("/session end session:set");
    expect(choice).toContain("Setting up a server, started 0 min ago");
    expect((await town.as("robin").command("/session list")).text).toContain("You have no sessions.");
    expect((await grace.command("/session end session:nonsense")).text).toContain("You have no such session.");
    const { answer } = await town.discord.autocomplete("/session end session:set", { user: "grace.h" });
    const id = answer.kind === "choices" ? String(answer.choices[0]?.value) : "";
    expect((await town.as("robin").command(`/session end session:${id}`)).text).toContain("You have no such session.");
    const ended = await grace.command(`/session end session:${id}`);
    expect([ended.isEphemeral, ended.text]).toEqual([true, expect.stringContaining("Ended.")]);
    expect((await grace.command("/session list")).text).toContain("You have no sessions.");
    const begun = await grace.command("/setup");
    expect((await grace.command("/session end-all")).text).toContain("Ended all your sessions.");
    expect((await begun.click("Next")).text).toContain("This is over");
    expect((await grace.command("/session list")).text).toContain("You have no sessions.");
  });
});

it("says in a sentence that a vote needs Redis", async () => {
  const poll = await (await town.command("/poll question:Lunch?")).submit({ Answers: "Pizza\nSoup" });
  await town.breakRedis({ at: "before", do: "status", status: 503 });
  const voted = await poll.click("Pizza");
  expect([voted.isEphemeral, voted.text]).toEqual([true, expect.stringContaining("memory does not answer")]);
  expect(voted.text).toMatch(/mention \w{8}/);
  await town.breakRedis();
});
