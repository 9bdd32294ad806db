const STROKES = [4, 10, 16, 22];

/** A tally of 1 to 5: four strokes with heads, the fifth across. */
export const Tally = ({ count }: { readonly count: number }) => (
  <svg
    viewBox="0 0 27 24"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="2.2"
    stroke-linecap="round"
  >
    {STROKES.slice(0, count).map((x) => (
      <path key={x} d={`M${x} 10v12M${x} 4.6v.01`} />
    ))}
    {count > STROKES.length && <path d="M1.5 19.5 25.5 9.5" />}
  </svg>
);
