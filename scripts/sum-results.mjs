// Adds up what .ci/run ran: node sum-results.mjs <status of npm test> <vitest's JSON> <output of check>
import { existsSync, readFileSync } from 'node:fs';

const [testsStatus, testsFile, checkFile] = process.argv.slice(2);

function tests() {
  if (!existsSync(testsFile)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
    readFileSync(testsFile, 'utf8'),
  );
  const skipped = numPendingTests + numTodoTests;
  if (skipped > 0) console.log(`${skipped} tests were skipped: that is a failure here.`);
  const failed = numFailedTests + skipped;
  // A suite that breaks before its first test fails the run without a failed test.
  const broken = failed === 0 && (!success || testsStatus !== '0') ? 1 : 0;
  return { passed: numPassedTests, failed: failed + broken };
}

function check() {
  const [, passed, failed] =
    /(\d+) passed, (\d+) failed\s*$/.exec(readFileSync(checkFile, 'utf8')) ?? [];
  return passed === undefined ? { passed: 0, failed: 1 } : { passed: +passed, failed: +failed };
}

const parts = [tests(), check()];
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
