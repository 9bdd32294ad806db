import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { type App, run } from './app.js';
import type { Row } from './row.js';

/** The commands of a row's programs. */
export interface Programs {
  /** Short programs, each of which delivers in its way. */
  readonly clis: readonly (readonly string[])[];
  readonly server: readonly string[];
  /** Where they run. */
  readonly folder: string;
  /** The files of a bundle. */
  readonly bundles: readonly string[];
}

/** The programs of a file that contains all of them. */
export const anyProgram = (
  command: readonly string[],
  folder: string,
  bundles: readonly string[] = [],
): Programs => ({
  clis: [
    [...command, 'budget'],
    [...command, 'closing'],
  ],
  server: [...command, 'server'],
  folder,
  bundles,
});

/** All programs deliver exactly once and silently, and leave nothing where telemetry is off. */
export const checkPrograms =
  (make: (app: App, home: string) => Promise<Programs>): Row['check'] =>
  async (app, home) => {
    const { clis, server, folder, bundles } = await make(app, home);
    const recorder = await startHttpRecorder();
    const end = (command: readonly string[], place: string, more = {}) => {
      const HOME = join(home, place);
      mkdirSync(HOME, { recursive: true });
      return run(command, folder, { HOME, HEADCOUNT_ENDPOINT: recorder.address, ...more });
    };
    try {
      for (const bundle of bundles) {
        expect(readFileSync(bundle, 'utf8').includes('build-machine')).toBe(false);
      }
      const silent = { code: 0, output: 'done\n' };
      for (const [index, cli] of clis.entries()) {
        expect(await end(cli, 'off', { DO_NOT_TRACK: '1' })).toEqual(silent);
        expect(await end(cli, `cli-${index}`)).toEqual(silent);
        await eventually(() => recorder.reports().length === index + 1, `${cli.join(' ')}`);
      }
      expect(await end(server, 'server')).toEqual(silent);
      const reports = recorder.reports();
      const all = [...clis, server].map(() => ['acme-cli', '2.3.1']);
      expect(reports.map(({ project, info }) => [project, info.version])).toEqual(all);
      expect(new Set(reports.map(({ report_id }) => report_id)).size).toBe(all.length);
      expect(filesOf(join(home, 'off'))).toEqual([]);
    } finally {
      await recorder.close();
    }
  };

/** What Headcount has left in a home. */
export const filesOf = (home: string): string[] =>
  existsSync(home)
    ? readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.includes('headcount'),
      )
    : [];
