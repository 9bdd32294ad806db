// Adds up what .ci/run ran. Before the sum it says again what failed:
// node sum-results.mjs <output of check> <exit status>:<vitest's JSON> …
import { existsSync, readFileSync } from 'node:fs';

const [checkFile, ...suites] = process.argv.slice(2);

function tests(suite) {
  const [, exitStatus, file] = /^(\d+):(.*)$/.exec(suite);
  if (!existsSync(file)) {
    console.log(`failed: ${file} is not there: the suite has ended with ${exitStatus}.`);
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success, testResults } =
    JSON.parse(readFileSync(file, 'utf8'));
  testResults.forEach(tellFailures);
  const skipped = numPendingTests + numTodoTests;
  if (skipped > 0) console.log(`${skipped} tests were skipped: that is a failure here.`);
  const failed = numFailedTests + skipped;
  // A suite that breaks before its first test fails the run without a failed test.
  const broken = failed === 0 && (!success || exitStatus !== '0') ? 1 : 0;
  if (broken)
    console.log(`failed: ${file}: no test has failed, but the suite ended with ${exitStatus}.`);
  return { passed: numPassedTests, failed: failed + broken };
}

function tellFailures({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((one) => one.status === 'failed');
  for (const { fullName, failureMessages } of failed) {
    console.log(`failed: ${name}: ${fullName}\n${failureMessages[0]}\n`);
  }
  if (status === 'failed' && failed.length === 0) console.log(`failed: ${name}\n${message}\n`);
}

function check() {
  const text = readFileSync(checkFile, 'utf8');
  for (const [line] of text.matchAll(/^FAILED .*$/gm)) console.log(`check: ${line}`);
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(text) ?? [];
  return passed === undefined ? { passed: 0, failed: 1 } : { passed: +passed, failed: +failed };
}

const parts = [check(), ...suites.map(tests)];
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
