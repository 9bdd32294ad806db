// Runs under wine: starts the programs of a list together. Their environment cannot be set from
// outside, and their output cannot go to a pipe.
import fs from 'node:fs';
import { spawn } from 'node:child_process';

const [, , list, results] = process.argv;
const KEPT = ['SystemRoot', 'windir', 'SystemDrive', 'ComSpec', 'PATH', 'USERNAME', 'COMPUTERNAME'];
const kept = Object.fromEntries(KEPT.map((name) => [name, process.env[name]]));

const run = ({ exe = process.execPath, args, cwd, env, out, err }) =>
  new Promise((resolve) => {
    const all = Object.entries({ ...kept, ...env }).filter(([, value]) => value !== null);
    const child = spawn(exe, args, {
      cwd,
      env: Object.fromEntries(all),
      stdio: ['ignore', fs.openSync(out, 'w'), fs.openSync(err, 'w')],
      windowsHide: true,
    });
    child.once('error', (error) => resolve({ code: error.code }));
    child.once('exit', (code) => resolve({ code }));
  });

Promise.all(JSON.parse(fs.readFileSync(list, 'utf8')).map(run)).then((ended) =>
  fs.writeFileSync(results, JSON.stringify(ended)),
);
