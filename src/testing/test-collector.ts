import type { Report } from '../wire/report.js';
import { ownOnly } from '../own-only.js';
import type { TestAnswer } from './answers.js';
import { type Expectations, expectations } from './expectations.js';
import { refuseAnswer, refuseEnv, refuseOptions } from './refuse-misuse.js';
import { startReportServer, type TestRequest } from './report-server.js';
import { makeTestHome, testVariables } from './test-home.js';

/** How a test's collector is started. */
export interface TestCollectorOptions {
  /**
   * The project that is tested. Its variable `<PROJECT>_TELEMETRY_DISABLED` is taken away with the
   * others.
   *
   * @default none: only `DO_NOT_TRACK` and `HEADCOUNT_DISABLED` are taken away
   */
  readonly project?: string;
}

/** A collector on this machine that keeps what it gets in memory, for one test or many. */
export interface TestCollector extends Expectations {
  /** Its address, `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** A home folder of its own, where programs with {@link TestCollector.env} keep their files. */
  readonly home: string;
  /**
   * Variables for a program, in addition to those that it has. With them, every report goes to this
   * collector, also if the code names another address or a test runner runs the program. A value of
   * `undefined` takes a variable away.
   *
   * @example
   * spawn(process.execPath, ['cli.js'], { env: { ...process.env, ...collector.env } });
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The reports that were accepted, each once, in the order in which they came. */
  readonly reports: readonly Report[];
  /** Every request as it came, with its headers and body. */
  readonly requests: readonly TestRequest[];
  /** How many connections were opened since the last `reset()`. */
  readonly connections: number;
  /** The files that Headcount has in {@link TestCollector.home}. */
  files(): string[];
  /**
   * Sets {@link TestCollector.env} in this process, for an app that the test itself imports. Call it
   * before that. `close()` sets the former values again.
   *
   * @example
   * collector.applyTo(process.env);
   * const { render } = await import('../src/render.js');
   */
  applyTo(env: Record<string, string | undefined>): void;
  /**
   * Answers all later requests so, or as many as `times` says, and accepts those after them.
   *
   * @example
   * await collector.answer({ status: 503, retryAfterS: 1 }, { times: 1 });
   */
  answer(answer: TestAnswer, limit?: { readonly times?: number }): Promise<void>;
  /** Forgets what came, and accepts again. Files in the home stay. */
  reset(): Promise<void>;
  /** Ends the collector, deletes its home, and takes {@link TestCollector.applyTo} back. */
  close(): Promise<void>;
}

/**
 * Starts a collector on a free port of this machine. Nothing of a program that has its variables can
 * reach another one. It keeps no process alive: a test that fails before its `close()` ends.
 *
 * @example
 * const collector = await startTestCollector();
 * after(() => collector.close()); // also after a test that fails
 * spawnSync('node', ['cli.js'], { env: { ...process.env, ...collector.env } });
 * await collector.expectReported('startup');
 */
export async function startTestCollector(
  options: TestCollectorOptions = {},
): Promise<TestCollector> {
  refuseOptions(options);
  const { project } = ownOnly(options);
  const server = await startReportServer();
  const home = makeTestHome();
  const endpoint = `http://127.0.0.1:${server.port}`;
  const env = testVariables({ home: home.folder, endpoint, project });
  const restores: (() => void)[] = [];
  const refuseClosed = (operator: string): void => {
    if (server.isClosed()) throw new TypeError(`${operator}() was called after close().`);
  };
  return {
    ...expectations(server, home),
    endpoint,
    home: home.folder,
    env,
    reports: server.reports,
    requests: server.requests,
    get connections() {
      return server.connections();
    },
    files: () => home.files(),
    applyTo(target) {
      refuseClosed('applyTo');
      refuseEnv(target);
      const before = Object.keys(env).map((name) => [name, target[name]] as const);
      restores.push(() => before.forEach(([name, value]) => setVariable(target, name, value)));
      for (const [name, value] of Object.entries(env)) setVariable(target, name, value);
    },
    async answer(answer, limit = {}) {
      refuseClosed('answer');
      refuseAnswer(answer, limit);
      await server.setAnswer(answer, ownOnly(limit).times);
    },
    async reset() {
      refuseClosed('reset');
      await server.reset();
    },
    async close() {
      for (const restore of restores.splice(0).reverse()) restore();
      await server.close();
      await home.remove();
    },
  };
}

/** `process.env` would make a text of `undefined`. */
function setVariable(
  env: Record<string, string | undefined>,
  name: string,
  value: string | undefined,
): void {
  if (value === undefined) delete env[name];
  else env[name] = value;
}
