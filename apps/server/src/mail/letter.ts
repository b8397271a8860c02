/** One mail before it is text or HTML. All of it is plain text; nothing is escaped yet. */
export type Letter = {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly list?: readonly string[];
  /** The one thing to click on. */
  readonly button?: { readonly label: string; readonly address: URL };
  /** To be typed, and so larger than anything else. */
  readonly code?: string;
  /** What to know besides, in smaller letters. */
  readonly remarks: readonly string[];
};
