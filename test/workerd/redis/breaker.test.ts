import { expect, it } from "vitest";
import { admit, type BreakerState, closed, fail, succeed } from "../../../src/redis/breaker.ts";

const options = { threshold: 3, cooldownMs: 1_000, maxCooldownMs: 3_000, probeMs: 200 };

function opened(at = 0): BreakerState {
  let state = closed;
  for (let i = 0; i < 3; i++) state = fail(state, false, at, options);
  return state;
}

it("keeps the circuit closed while failures are not in a row", () => {
  let state = fail(fail(closed, false, 0, options), false, 0, options);
  state = succeed(state, false);
  expect(fail(state, false, 0, options)).toEqual({ value: "closed", failures: 1 });
});

it("opens the circuit after `threshold` failures in a row and refuses until the cooldown is over", () => {
  expect(opened()).toEqual({ value: "open", until: 1_000, cooldownMs: 1_000 });
  expect(admit(opened(), 999, options)).toEqual({ admitted: false, retryAt: 1_000 });
});

it("admits exactly one probe while the circuit is half open", () => {
  const first = admit(opened(), 1_000, options);
  if (!first.admitted) throw new Error("the probe was refused");
  expect(first.probe).toBe(true);
  expect(admit(first.state, 1_001, options)).toEqual({ admitted: false, retryAt: 1_200 });
});

it("admits another probe when the first never reports", () => {
  const first = admit(opened(), 1_000, options);
  if (!first.admitted) throw new Error("the probe was refused");
  expect(admit(first.state, 1_200, options)).toMatchObject({ admitted: true, probe: true });
});

it("closes the circuit on the probe's success, and doubles the cooldown on its failure, up to the maximum", () => {
  const probing: BreakerState = { value: "half-open", probeUntil: 1_200, cooldownMs: 1_000 };
  expect(succeed(probing, true)).toEqual(closed);
  const longer = fail(probing, true, 1_100, options);
  expect(longer).toEqual({ value: "open", until: 3_100, cooldownMs: 2_000 });
  expect(fail({ value: "half-open", probeUntil: 0, cooldownMs: 2_000 }, true, 0, options)).toMatchObject({
    cooldownMs: 3_000,
  });
});

it("ignores the results of requests that were sent before the circuit opened", () => {
  const state = opened();
  expect(succeed(state, false)).toBe(state);
  expect(fail(state, false, 500, options)).toBe(state);
});

it("opens after 5 failures for 5 s, twice as long after each failed probe, for a minute at most", () => {
  let state = closed;
  for (let failures = 1; failures < 5; failures++)
    expect((state = fail(state, false, 0))).toMatchObject({ value: "closed", failures });
  const waits: number[] = [];
  state = fail(state, false, 0);
  for (let now = 0; waits.length < 6; ) {
    if (state.value !== "open") throw new Error("the circuit is not open");
    const wait = state.until - now;
    waits.push(wait);
    expect(admit(state, now + wait - 1).admitted).toBe(false);
    now += wait;
    const probe = admit(state, now);
    if (!probe.admitted) throw new Error("the probe was refused");
    expect([admit(probe.state, now + 1_999).admitted, admit(probe.state, now + 2_000).admitted]).toEqual([false, true]);
    state = fail(probe.state, true, now);
  }
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});
