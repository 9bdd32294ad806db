import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';
import { freePort } from '../../support/free-port.js';
import { startTool } from './start-tool.js';

/** A time series with its newest value. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface Prometheus {
  readonly url: string;
  /** @throws If it is no query. */
  readonly query: (text: string) => Promise<readonly Series[]>;
  readonly until: (what: string, holds: () => Promise<boolean>) => Promise<void>;
}

/** Starts the real Prometheus, and waits until it answers. @param config - As `prometheus.yml`. */
export async function startPrometheus(
  config: string,
  atEnd: AtEnd = onTestFinished,
): Promise<Prometheus> {
  const folder = temporaryFolder(atEnd);
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, config);
  const address = `127.0.0.1:${await freePort()}`;
  const tool = startTool(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { atEnd },
  );
  const url = `http://${address}`;
  await tool.until('it is ready', () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return {
    url,
    query: async (text) => {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(text)}`);
      const answer = (await response.json()) as {
        readonly error?: string;
        readonly data?: { readonly result: readonly Series[] };
      };
      if (answer.data === undefined) throw new Error(`${text}: ${answer.error}`);
      return answer.data.result;
    },
    until: tool.until,
  };
}
