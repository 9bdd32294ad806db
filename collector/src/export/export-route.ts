import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { Counting } from '../counting/counting.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import { EXPORTS } from '../store/export-rows.js';
import { CATCH_UP_MS } from '../stats/define-question.js';
import type { ReaderOperations } from '../store/store.js';
import { EXPORT_FORMATS, writeExport } from './write-export.js';

export interface ExportParts {
  readonly counting: Pick<Counting, 'caughtUp'>;
  readonly store: Pick<ReaderOperations, 'exportPage'>;
}

const TYPES = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;

/** `GET /v1/export`: everything that is kept, row by row, for the administrator. */
export function registerExportRoute(app: App, { counting, store }: ExportParts): void {
  app.get(
    '/v1/export',
    {
      schema: {
        summary: 'Everything of a kind that is kept, one object a line, or as CSV',
        tags: ['administration'],
        querystring: Type.Object(
          {
            what: Type.Enum([...EXPORTS], {
              description:
                'users: one row a user, under its keyed hash. days: one row for each active day of ' +
                'a user. events: one row for each day on which a user reported an event or a value ' +
                'of a field. rollups: counts of people by day and value. reports: reports a day. ' +
                'quality: what was accepted and refused',
            }),
            project: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: MAX_PROJECT_CHARACTERS,
                description: 'One project; all without it',
              }),
            ),
            format: Type.Optional(
              Type.Enum([...EXPORT_FORMATS], { description: 'ndjson without it' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'The rows',
            content: {
              'application/x-ndjson': {
                schema: Type.Unsafe<Readable>({
                  type: 'string',
                  description: 'One object a line',
                }),
              },
              'text/csv': {
                schema: Type.Unsafe<Readable>({
                  type: 'string',
                  description: 'With a head (RFC 4180)',
                }),
              },
            },
          },
        },
      },
      config: {
        isAudited: true,
        level: 'administrator',
        headers: {
          'cache-control': 'no-store',
          'headcount-as-of': 'Every report acknowledged before this moment is in it',
        },
      },
    },
    async ({ query: { what, project = null, format = 'ndjson' } }, reply) => {
      const asOf = await counting.caughtUp(CATCH_UP_MS);
      const pages = writeExport((question) => store.exportPage(question), {
        ...{ what, project, format },
      });
      return reply
        .type(TYPES[format])
        .header('cache-control', 'no-store')
        .header('headcount-as-of', asOf.toISOString())
        .send(Readable.from(pages, { objectMode: false, highWaterMark: 1024 ** 2 }));
    },
  );
}
