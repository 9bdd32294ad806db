// Breaks the lines of dist's code, so that none is over 400 characters: Node prints the line that an
// uncaught error was thrown in.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import ts from 'typescript';

const MAX_LINE = 300;
/** esbuild breaks after this many characters, at the end of a token: a regular expression is one. */
const BREAK_AFTER = 290;
const dist = new URL('../dist/', import.meta.url);

for (const name of readdirSync(dist).filter((file) => /\.c?js$/.test(file))) {
  const file = new URL(name, dist);
  writeFileSync(file, broken(readFileSync(file, 'utf8')));
}

/** The printer of esbuild breaks between tokens; a long string is made a sum of short ones first. */
function broken(code) {
  const source = ts.createSourceFile('x.js', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const cuts = [];
  const visit = (node) => {
    if (ts.isStringLiteral(node) && node.getText().length > MAX_LINE / 2) cuts.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  // Printed again, the mark at the beginning might come after a directive.
  const [mark = ''] = /^\/\*!.*?\*\//.exec(code) ?? [];
  let text = code;
  for (const node of cuts.reverse()) {
    const parts = node.text.match(/[^]{1,240}/g).map((part) => JSON.stringify(part));
    text = text.slice(0, node.getStart()) + `[${parts.join(',')}].join('')` + text.slice(node.end);
  }
  const { code: printedCode } = transformSync(text, {
    minifyWhitespace: true,
    minifySyntax: true, // or it prints true where tsup has written !0
    legalComments: 'inline',
    target: 'node20',
    lineLimit: BREAK_AFTER,
    charset: 'utf8',
  });
  // By this dead code ES modules learn the names of a CommonJS file; the printer drops it.
  const [names = ''] = /0&&\(module\.exports=\{[^}]*\}\);?/.exec(code) ?? [];
  const printed = printedCode + (printedCode.includes('0&&(module.exports=') ? '' : `${names}\n`);
  return mark === '' ? printed : `${mark}\n${printed.replace(mark, '')}`;
}
