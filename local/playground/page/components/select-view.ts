/** One line of a menu. */
export interface Choice {
  value: string;
  label: string;
  description?: string | undefined;
  emoji?: { id?: string | null | undefined; name?: string | null | undefined } | undefined;
  /** The address of a picture beside the label. */
  picture?: string | undefined;
  colour?: number | undefined;
}

/** The fields of every kind of select menu, of messages and of forms. */
export interface SelectView {
  type: number;
  custom_id: string;
  placeholder?: string;
  min_values?: number;
  max_values?: number;
  disabled?: boolean;
  required?: boolean;
  options?: readonly (Omit<Choice, "picture" | "colour"> & { default?: boolean })[];
  default_values?: readonly { id: string; type: string }[];
  channel_types?: readonly number[];
}
