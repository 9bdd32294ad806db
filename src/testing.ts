/**
 * For the tests of an app that uses Headcount: a collector on this machine, and what it got. Works in
 * every test runner, and depends on none.
 *
 * @packageDocumentation
 */
export { startTestCollector } from './testing/test-collector.js';

export type { TestAnswer } from './testing/answers.js';
export type { ExpectedFields, Expectations, Waiting } from './testing/expectations.js';
export type { TestRequest } from './testing/report-server.js';
export type { TestCollector, TestCollectorOptions } from './testing/test-collector.js';
export type { Declared } from './testing/undeclared.js';
export type { Report } from './wire/report.js';
