/** A stream of numbers that is the same for the same seed. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** Whole, from `least` to `most`. */
  between(least: number, most: number): number;
  /** True this often, from 0 to 1. */
  chance(share: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A stream of its own, so that more draws here change nothing there. */
  fork(): Random;
}

/** sfc32: small, fast, and good enough to tell apart millions of seeds. */
export function createRandom(seed: number): Random {
  let [a, b, c, d] = [seed | 0, (seed / 2 ** 32) | 0, 0x9e3779b9 | 0, 1];
  const draw = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) draw();
  const random: Random = {
    next: () => draw() / 2 ** 32,
    between: (least, most) => least + Math.floor(random.next() * (most - least + 1)),
    chance: (share) => random.next() < share,
    pick: (list) => list[Math.floor(random.next() * list.length)] ?? list[0],
    fork: () => createRandom(draw() * 2 ** 20 + (draw() >>> 12)),
  };
  return random;
}
