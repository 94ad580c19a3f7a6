/** A member of `due`. */
export interface Place {
  id: string;
  /** When it is due, or its claim ends. The fraction counts claims. */
  score: number;
}

/** Returns the places in a reply WITHSCORES: a flat list of each member and its score. */
export const placesOf = (flat: readonly string[]): Place[] =>
  flat.flatMap((id, index) => (index % 2 === 0 ? [{ id, score: Number(flat[index + 1]) }] : []));

/** Returns whether a place has a claim; one whose score lies ahead has not ended. */
export const isClaimed = (score: number): boolean => score % 1 > 0;
