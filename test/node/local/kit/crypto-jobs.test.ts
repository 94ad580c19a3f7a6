import { expect, it, onTestFinished } from "vitest";
import { countCryptoJobs } from "../../../../local/kit/crypto-jobs.ts";

function start() {
  const jobs = countCryptoJobs();
  onTestFinished(() => jobs.stop());
  return jobs;
}

const hash = () => crypto.subtle.digest("SHA-256", new Uint8Array(1_000));

it("counts a job of Web Crypto until it has ended", async () => {
  const jobs = start();
  expect(jobs.running()).toBe(0);
  const work = [hash(), hash()];
  expect(jobs.running()).toBe(2);
  await Promise.all(work);
  expect(jobs.running()).toBe(0);
});

it.each([
  [
    "signs",
    async () =>
      (
        (key) => () =>
          crypto.subtle.sign("Ed25519", key.privateKey, data)
      )(await createKey()),
  ],
  [
    "verifies",
    async () =>
      (
        (key) => () =>
          crypto.subtle.verify("Ed25519", key.publicKey, data, data)
      )(await createKey()),
  ],
])("counts a job that %s", async (_, prepare) => {
  const begin = await prepare();
  const jobs = start();
  let most = 0;
  const work = begin();
  for (let turn = 0; turn < 20; turn++) {
    most = Math.max(most, jobs.running());
    await Promise.resolve();
  }
  await work;
  expect([most, jobs.running()]).toEqual([1, 0]);
});

it("counts nothing else: no promise, timer or file", async () => {
  const jobs = start();
  const waiting = new Promise((resolve) => setTimeout(resolve, 5));
  expect(jobs.running()).toBe(0);
  await waiting;
});

it("does not count what is ignored, and counts again after it, also where that throws", async () => {
  const jobs = start();
  const ignored = jobs.ignore(() => hash());
  expect(jobs.running()).toBe(0);
  expect(() =>
    jobs.ignore(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  const counted = hash();
  expect(jobs.running()).toBe(1);
  await Promise.all([ignored, counted]);
  expect(jobs.ignore(() => 5)).toBe(5);
});

it("counts no more once it is stopped", async () => {
  const jobs = start();
  jobs.stop();
  const work = hash();
  expect(jobs.running()).toBe(0);
  await work;
});

const data = new Uint8Array(64);
const createKey = async () => crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
