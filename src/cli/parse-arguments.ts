import { parseArgs } from 'node:util';

/** The arguments of `npx headcount`. */
export interface Arguments {
  readonly words: readonly string[];
  readonly project: string | undefined;
  readonly endpoint: string | undefined;
  /** The module that exports the declared events, for `manifest`. */
  readonly events: string | undefined;
  /** Whether `manifest` only compares the files. */
  readonly check: boolean;
  readonly json: boolean;
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
}

/** Reads the arguments. Returns a text if they contain a mistake. */
export function parseArguments(args: readonly string[]): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        project: { type: 'string', short: 'p' },
        endpoint: { type: 'string' },
        events: { type: 'string' },
        check: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
    return {
      words: positionals,
      project: values.project,
      endpoint: values.endpoint,
      events: values.events,
      check: values.check === true,
      json: values.json === true,
      wantsHelp: values.help === true || positionals[0] === 'help',
      wantsVersion: values.version === true,
    };
  } catch (error) {
    return error instanceof Error ? error.message : 'The arguments cannot be read.';
  }
}
