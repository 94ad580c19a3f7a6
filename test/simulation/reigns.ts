import type { Fence, Grant, LeaseTiming } from "../../src/coordination/index.ts";
import { createKeys } from "../../src/coordination/keys.ts";
import { tokenOf } from "../../src/coordination/token.ts";
import type { Fleet, Member } from "./fleet.ts";
import type { Write } from "./redis/model.ts";
import { beginning } from "./world.ts";

/** All that instances did under one lease, and a judge of it. */
export interface Reigns {
  /** Records that an instance acts on a grant at this time. Default: now. */
  act(member: Member, grant: Grant, at?: number): void;
  /** Writes through the fence to the log that the judge reads. Only the belief at this time counts: the write may arrive late. */
  log(fence: Fence, grant: Grant): void;
  /** Looks at the primary before and after a failover. */
  watchFailover(failOver: () => void): void;
  /** Matches the write of a token. */
  isMint(write: Write): boolean;
  /** Begins with the tokens of a primary whose clock was an hour ahead: every token then has the same milliseconds. */
  beginAhead(sequence: number): void;
  /** How much longer than its holder set it a lease lasted, since a new primary's clock was behind. */
  longerMs(): number;
  /**
   * Says what was wrong, and what a failover explains: a lease that was acknowledged before it and lost by it, and tokens that it lost,
   * as long as the new primary's clock was behind them. What was acknowledged since is not excused.
   */
  judge(): { violations: string[]; exceptions: string[]; accepted: number };
}

export interface ReignsOptions {
  name: string;
  prefix: string;
  timing: LeaseTiming;
  fleet(): Fleet;
}

/** One holder under one token, as it saw itself. */
interface Reign {
  name: string;
  value: string;
  token: number;
  holds: Hold[];
  from: number;
  to: number;
}

/** From the first to the last time an instance acted on one reply, and when it had sent its request. */
interface Hold {
  actUntil: number;
  sentAt: number;
  from: number;
  to: number;
}

/** The lease and the newest token as a primary has them, in true time. */
interface Look {
  value: string | undefined;
  setAt: number;
  endsAt: number;
  token: number;
  clockMs: number;
}

interface Failover {
  at: number;
  before: Look;
  after: Look;
}

/** True times that were reckoned from an instance's clock are off by this, in milliseconds. */
const slackMs = 2;

export function createReigns({ name, prefix, timing, fleet }: ReignsOptions): Reigns {
  const keys = createKeys(prefix);
  const [leaseKey, tokensKey, logKey] = [keys.lease(name), keys.tokens(name), `${prefix}log`];
  const reigns = new Map<string, Reign>();
  const failovers: Failover[] = [];
  const writes: { value: string; sentAt: number; answeredAt: number }[] = [];

  function look(): Look {
    const { server } = fleet();
    const { values } = server.primary.store;
    const [lease, tokens] = [values.get(leaseKey), values.get(tokensKey)];
    const isHeld = lease?.type === "string" && lease.endsAt > fleet().world.now() + server.clockMs;
    const endsAt = isHeld ? lease.endsAt - server.clockMs : 0;
    return {
      value: isHeld ? lease.text : undefined,
      setAt: endsAt - timing.leaseMs,
      endsAt,
      token: (tokens?.type === "stream" && tokenOf(tokens.lastId)) || 0,
      clockMs: server.clockMs,
    };
  }

  /** A failover lost the lease on which this instance acted, or ended it too early. */
  const isLost = ({ value }: Reign, { sentAt, to }: Hold): boolean =>
    failovers.some(({ at, before, after }) => {
      const isOwn = before.value === value && before.setAt >= sentAt - slackMs && at <= to;
      return isOwn && (after.value !== value || after.endsAt < before.endsAt);
    });

  const firstSentAt = ({ holds }: Reign): number => holds[0]?.sentAt ?? 0;

  /**
   * A failover lost this token, its clock had not passed it, and no write brought the token back before the next reign, so that it
   * could come again.
   */
  const isTokenLost = (reign: Reign, next: Reign): boolean =>
    failovers.some(({ at, after }) => {
      const isBetween = at >= firstSentAt(reign) && at <= next.from;
      const isBehind = after.token < reign.token && (at + after.clockMs) * 1_000 <= reign.token;
      const isBack = writes.some(
        ({ value, sentAt, answeredAt }) => value === reign.value && sentAt > at && answeredAt < firstSentAt(next),
      );
      return isBetween && isBehind && !isBack;
    });

  function overlaps(one: Reign, other: Reign): [Hold, Hold][] {
    return one.holds.flatMap((hold) =>
      other.holds.flatMap((its): [Hold, Hold][] => (hold.to >= its.from && its.to >= hold.from ? [[hold, its]] : [])),
    );
  }

  return {
    act(member, grant, at = fleet().world.now()) {
      const { value, token, actUntil } = grant;
      const reign = reigns.get(value) ?? { name: member.name, value, token, holds: [], from: at, to: at };
      reigns.set(value, reign);
      const last = reign.holds.at(-1);
      reign.to = at;
      if (last) last.to = at;
      if (last?.actUntil === actUntil) return;
      const sentAt = member.isolate.trueTime(actUntil - timing.renewDeadlineMs);
      reign.holds.push({ actUntil, sentAt, from: at, to: at });
    },
    log(fence, { token, value }) {
      const sentAt = fleet().world.now();
      fence.write({ keys: [logKey], command: ["RPUSH", logKey, `${token} ${value}`] }).then(
        ({ accepted }) => void (accepted && writes.push({ value, sentAt, answeredAt: fleet().world.now() })),
        () => undefined,
      );
    },
    watchFailover(failOver) {
      const before = look();
      failOver();
      failovers.push({ at: fleet().world.now(), before, after: look() });
    },
    isMint: ({ words }) => words[0]?.toUpperCase() === "XADD" && words[1] === tokensKey,
    beginAhead(sequence) {
      const id = `${beginning + 3_600_000}-${sequence}`;
      fleet().server.primary.run(["XADD", tokensKey, "MAXLEN", "1", id, "holder", "gone"], beginning);
    },
    longerMs: () => Math.max(0, ...failovers.map(({ before, after }) => before.clockMs - after.clockMs)),
    judge() {
      const violations = new Set<string>();
      const exceptions = new Set<string>();
      const { server, world } = fleet();
      const log = server.primary.run(["LRANGE", logKey, "0", "-1"], world.now()) as string[];
      const accepted = log.map((line) => {
        const [token = "", ...value] = line.split(" ");
        return { token: Number(token), value: value.join(" ") };
      });
      const sorted = [...reigns.values()].toSorted((a, b) => a.from - b.from);
      for (const [index, reign] of sorted.entries()) {
        if (!Number.isSafeInteger(reign.token)) violations.add(`token ${reign.token} is no safe integer`);
        for (const other of sorted.slice(0, index)) {
          const both = other.name === reign.name ? [] : overlaps(other, reign);
          const isExcused = both.every(([hold, its]) => isLost(other, hold) || isLost(reign, its));
          if (both.length > 0) {
            const text = `${other.name} (token ${other.token}) and ${reign.name} (token ${reign.token}) acted at the same time`;
            (isExcused ? exceptions : violations).add(text);
          }
          // Of two that acted at the same time neither came before.
          if (other.token < reign.token || (both.length > 0 && isExcused)) continue;
          const text = `token ${reign.token} was not above ${other.token}, which came before`;
          (isTokenLost(other, reign) ? exceptions : violations).add(text);
        }
      }
      // Whatever a failover lost, the rest was accepted in order.
      for (const [index, { token, value }] of accepted.entries()) {
        const before = accepted[index - 1];
        if (before && (token < before.token || (token === before.token && value !== before.value))) {
          violations.add(`a write under token ${token} was accepted after one under ${before.token}`);
        }
      }
      return { violations: [...violations], exceptions: [...exceptions], accepted: accepted.length };
    },
  };
}
