/** A first column without a name has no header: a reader of screens would hear of an empty one. */
export function namedColumns(md) {
  md.core.ruler.push('named-columns', ({ tokens }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type !== 'th_open' || tokens[at + 1].content !== '') continue;
      token.tag = 'td';
      tokens[at + 2].tag = 'td';
    }
  });
}
