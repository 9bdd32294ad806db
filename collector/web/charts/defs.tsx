/** The patterns and symbols that charts and icons refer to by `#<id>`. Once in each document. */
export const Defs = () => (
  <svg class="vh" aria-hidden="true" focusable="false">
    <defs>
      <pattern
        id="hatch"
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line class="hatch-line" x1="1" x2="1" y2="5" />
      </pattern>
      <pattern id="half" width="4" height="4" patternUnits="userSpaceOnUse">
        <line class="half-line" x1="2" x2="2" y2="4" />
      </pattern>
      <pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">
        <circle class="dots-dot" cx="2" cy="2" r=".9" />
      </pattern>
      <pattern
        id="unknown"
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(-45)"
      >
        <line class="unknown-line" x1="1" x2="1" y2="7" />
      </pattern>
      <symbol id="mark" viewBox="0 0 27 24">
        <g fill="none" stroke="currentColor" stroke-width="2.3" stroke-linecap="round">
          <path d="M4 10v12M10 10v12M16 10v12M22 10v12" />
          <path d="M1.5 19.5 25.5 9.5" />
        </g>
        <g fill="currentColor">
          <circle cx="4" cy="4.6" r="2.1" />
          <circle cx="10" cy="4.6" r="2.1" />
          <circle cx="16" cy="4.6" r="2.1" />
          <circle cx="22" cy="4.6" r="2.1" />
        </g>
      </symbol>
      <symbol id="ok" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="7.2" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path
          d="m4.8 8.3 2.3 2.3 4.2-4.8"
          fill="none"
          stroke="currentColor"
          stroke-width="1.7"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </symbol>
      <symbol id="warn" viewBox="0 0 16 16">
        <path
          d="M8 1.6 15.2 14.4H.8Z"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linejoin="round"
        />
        <path
          d="M8 6v4.2M8 12v.4"
          stroke="currentColor"
          stroke-width="1.7"
          stroke-linecap="round"
        />
      </symbol>
      <symbol id="bad" viewBox="0 0 16 16">
        <path
          d="M5 .9h6L15.1 5v6L11 15.1H5L.9 11V5Z"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linejoin="round"
        />
        <path
          d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"
          stroke="currentColor"
          stroke-width="1.7"
          stroke-linecap="round"
        />
      </symbol>
      <symbol id="up" viewBox="0 0 10 10">
        <path d="M5 1 9.5 9H.5Z" fill="currentColor" />
      </symbol>
      <symbol id="down" viewBox="0 0 10 10">
        <path d="M5 9 .5 1h9Z" fill="currentColor" />
      </symbol>
      <symbol id="half-moon" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4Z" fill="currentColor" />
      </symbol>
    </defs>
  </svg>
);
