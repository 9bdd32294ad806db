/**
 * The style of a chart for pages of others. It lies in the file, since such a chart may load nothing;
 * the colours are those of styles/tokens.css.
 */
export const EMBED_STYLE =
  '.p{fill:#f9faf7}.i{fill:#15201c}.q{fill:#5d6b65}.g{stroke:#e3e9e4}.a{stroke:#84938c}' +
  '.l{fill:none;stroke:#136c55;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}' +
  '.w{fill:#ddece5}.d{fill:#f9faf7;stroke:#136c55;stroke-width:2}.m{fill:none;stroke:#136c55}' +
  '.t{fill:#f0f3ee}.b{fill:#136c55}.o{fill:#7d8984}' +
  'text{font:13px system-ui,sans-serif;font-variant-numeric:tabular-nums}' +
  '.h{font-size:15px;font-weight:600}.e{text-anchor:end}.c{text-anchor:middle}' +
  '@media(prefers-color-scheme:dark){.p{fill:#101614}.i{fill:#e9efeb}.q{fill:#93a29b}' +
  '.g{stroke:#222c28}.a{stroke:#61716a}.l{stroke:#4fdcb9}.w{fill:#17352c}' +
  '.d{fill:#101614;stroke:#4fdcb9}.m{stroke:#4fdcb9}.t{fill:#1b2320}.b{fill:#4fdcb9}' +
  '.o{fill:#8a9a93}}';
