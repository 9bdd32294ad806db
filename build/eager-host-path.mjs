// Marks the functions that an import, the first track() and an exit call, so that V8 compiles them
// at once as it reads the file. Unmarked, it parses each of them twice or more: to skip it, and
// again when it is called. V8 takes a function expression in parentheses for one that is called soon
// (https://v8.dev/blog/preparser, "Possibly-invoked function expressions").
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

const isPart = (file) => !path.basename(file).startsWith('index.');
/** `src/host/platform/load-part.ts` evaluates a part in a function. */
const PART_BEGINS = '(function (module) {'.length;

for (const name of ['index.js', 'index.cjs', 'exit.cjs']) {
  const file = path.join(dist, name);
  writeFileSync(file, marked(readFileSync(file, 'utf8'), calledIn(file)));
}

/** Where the functions begin that a program calls to track one event, and to send it at exit. */
function calledIn(file) {
  const home = mkdtempSync(path.join(tmpdir(), 'headcount-build-'));
  try {
    const app = path.join(home, 'app');
    mkdirSync(app);
    writeFileSync(path.join(app, 'package.json'), '{"name":"acme-cli","version":"2.3.1"}');
    writeFileSync(path.join(app, 'cli.cjs'), program(file));
    // Twice: the usual run finds a home that a former one has made.
    const run = (more) => {
      const env = { HOME: home, HEADCOUNT_ENDPOINT: 'https://stats.acme.dev', ...more };
      const stdio = ['ignore', 'pipe', 'ignore'];
      const options = { env, stdio, encoding: 'utf8' };
      return execFileSync(process.execPath, [path.join(app, 'cli.cjs')], options);
    };
    const again = { HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' };
    const starts = [run, () => run(again)].flatMap((call) => JSON.parse(outputOf(call)));
    return new Set(starts.map((start) => start - (isPart(file) ? PART_BEGINS : 0)));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A program that tells which functions of a file it calls, and ends before it starts a sender. */
function program(file) {
  const entry = isPart(file) ? path.join(dist, 'index.cjs') : file;
  const load = entry.endsWith('.cjs')
    ? `require(${JSON.stringify(entry)})`
    : `await import(${JSON.stringify(pathToFileURL(entry).href)})`;
  return `const { Session } = require('node:inspector');
    const session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    const tell = () => session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      const script = result.find(({ url }) => url.endsWith(${JSON.stringify(`/${path.basename(file)}`)}));
      const called = script.functions.filter(({ ranges: [range] }) => range.count > 0);
      console.log(JSON.stringify(called.map(({ ranges: [range] }) => range.startOffset)));
      process.kill(process.pid, 'SIGKILL'); // an exit would start a sender
    });
    require('node:child_process').spawn = () => ({ on() {}, unref() {}, pid: 1 });
    (async () => {
      const { track } = ${load};
      track();
      ${isPart(file) ? "process.on('exit', tell)" : 'tell()'};
    })();`;
}

/** A list of functions, with as many in a line as break-lines.mjs would leave in it. */
function lines(functions) {
  let text = '';
  for (const each of functions) {
    const [first] = each.split('\n', 1);
    const line = text.length - text.lastIndexOf('\n') + first.length;
    text += text === '' ? each : `,${line > 390 ? '\n' : ''}${each}`;
  }
  return text;
}

/** What a run has printed that ends by a signal. */
function outputOf(run) {
  try {
    return run();
  } catch (error) {
    if (error.signal === 'SIGKILL' && error.stdout !== '') return error.stdout;
    throw error;
  }
}

/** Puts functions of the top level into variables, before everything else; others stay in place. */
function marked(code, called) {
  const source = ts.createSourceFile('x.js', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const insertions = [];
  const visit = (node) => {
    // Not arrow functions, which V8 never compiles at once.
    if (
      ts.isFunctionExpression(node) &&
      called.has(node.getStart()) &&
      !ts.isParenthesizedExpression(node.parent)
    ) {
      insertions.push([node.getStart(), '('], [node.end, ')']);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const sliced = (from, to) => {
    let text = '';
    let at = from;
    const inside = insertions.filter(([position]) => position >= from && position <= to);
    for (const [position, mark] of inside.sort(([a, x], [b, y]) => a - b || (x < y ? 1 : -1))) {
      text += code.slice(at, position) + mark;
      at = position;
    }
    return text + code.slice(at, to);
  };
  // A part begins with its mark.
  const [directive = ''] = /^(\/\*!.*?\*\/\s*)?("use strict";)?/.exec(code) ?? [];
  const functions = [];
  let others = '';
  let wasVar = true; // the functions' own
  let before = '\n';
  for (const statement of source.statements) {
    const start = statement.getStart();
    if (start < directive.length) continue;
    const text = sliced(start, statement.end);
    if (ts.isFunctionDeclaration(statement) && called.has(start)) {
      // Without a name, it takes that of its variable.
      const unnamed = text.replace(/^((?:async )?function\*?) [\w$]+/, '$1');
      functions.push(`${statement.name.text}=(${unnamed})`);
      before = '\n';
      continue;
    }
    // One `var` for as many as follow each other.
    const isVar = /^var\b/.test(text);
    before ||= code.slice(statement.getFullStart(), start);
    others +=
      isVar && wasVar
        ? `,${before}${text.slice('var'.length).replace(/^ /, '')}`
        : `;${before}${text}`;
    others = others.replace(/;$/, '');
    wasVar = isVar;
    before = '';
  }
  return `${directive}\nvar ${lines(functions)}${others};\n`;
}
