/** See the "imports" map of package.json: only bundlers see the text, the runtime sees `undefined`. */
declare module '#sender-source' {
  /** The text of `sender.cjs`: brotli, as base64. */
  export const senderSource: (() => string) | undefined;
}
