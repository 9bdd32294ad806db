// Adds up what .ci/run ran, and says again at the end what failed, where nobody must scroll for it:
// node sum-results.mjs <output of check> <exit status>:<vitest's JSON> …
import { existsSync, readFileSync } from 'node:fs';

const [checkFile, ...suites] = process.argv.slice(2);

function tests(suite) {
  const [, status, file] = /^(\d+):(.*)$/.exec(suite);
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success, testResults } =
    JSON.parse(readFileSync(file, 'utf8'));
  for (const { name, assertionResults } of testResults) {
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === 'failed') console.log(`failed: ${name}: ${fullName}\n${failureMessages[0]}\n`);
    }
  }
  const skipped = numPendingTests + numTodoTests;
  if (skipped > 0) console.log(`${skipped} tests were skipped: that is a failure here.`);
  const failed = numFailedTests + skipped;
  // A suite that breaks before its first test fails the run without a failed test.
  const broken = failed === 0 && (!success || status !== '0') ? 1 : 0;
  return { passed: numPassedTests, failed: failed + broken };
}

function check() {
  const [, passed, failed] =
    /(\d+) passed, (\d+) failed\s*$/.exec(readFileSync(checkFile, 'utf8')) ?? [];
  return passed === undefined ? { passed: 0, failed: 1 } : { passed: +passed, failed: +failed };
}

const parts = [check(), ...suites.map(tests)];
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
