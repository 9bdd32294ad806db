/** One of the things that a header such as `Accept` names, and how much it is wanted: 0 to 1. */
export interface Wanted {
  /** In lower case. */
  readonly name: string;
  readonly quality: number;
}

/** Reads `Accept` or `Accept-Language`, in the order of the header (RFC 9110, section 12.4.2). */
export const readQualities = (header: string): readonly Wanted[] =>
  header.split(',').map((part) => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const quality = parameters.find((text) => text.startsWith('q='));
    return { name, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
  });
