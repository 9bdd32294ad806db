// @ts-check
// How much source code V8 was given by the import of $BENCH_MODULE, and by then running the CLI of
// one event. The debugger sees all of it: modules, require(), and what vm compiles.
import { createRequire } from 'node:module';
import { Session } from 'node:inspector';

const { BENCH_MODULE = '', BENCH_CLI = '' } = process.env;
const require = createRequire(import.meta.url);
/** @param {string} name */
const load = (name) => (BENCH_CLI.endsWith('.cjs') ? require(name) : import(name));
const ownFolder = new URL('./', import.meta.url).href;
/** @param {string} url Node's own code, or the app's */
const isForeign = (url) =>
  url.startsWith('node:') || (url.startsWith(ownFolder) && !url.includes('/node_modules/'));

let bytes = 0;
let scripts = 0;
const session = new Session();
session.connect();
/** @param {string} scriptId */
function addSource(scriptId) {
  session.post('Debugger.getScriptSource', { scriptId }, (error, answer) => {
    if (error) throw error;
    bytes += Buffer.byteLength(answer.scriptSource);
    scripts += 1;
  });
}
session.post('Debugger.enable'); // reports what there is already
session.on('Debugger.scriptParsed', ({ params: { url, scriptId } }) => {
  if (!isForeign(url)) addSource(scriptId);
});

await load(BENCH_MODULE);
const importKb = bytes / 1000;
await load(BENCH_CLI);
console.log(JSON.stringify({ importKb, firstTrackKb: bytes / 1000, scripts }));
process.removeAllListeners('exit');
process.exit(0);
