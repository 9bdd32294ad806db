import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Guards } from '../access/guards.js';
import type { App } from '../app-types.js';
import type { Counting } from '../counting/counting.js';
import { ProblemError } from '../errors.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import { MAX_ID_CHARACTERS, MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import type { Journal } from '../journal/journal.js';
import { DAY_MS } from '../rules/day.js';
import { TOMBSTONE_DAYS } from '../rules/limits.js';
import { deriveUid } from '../rules/uid.js';
import type { StoreReader } from '../store/store.js';
import { ownRecordSchema, toOwnRecord } from './own-record.js';

/** The parts that users' routes need. */
export interface UsersParts {
  readonly journal: Pick<Journal, 'append'>;
  readonly counting: Pick<Counting, 'caughtUp'>;
  readonly store: Pick<StoreReader, 'user'>;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly clock: Pick<ClockGuard, 'now'>;
  /** Refuse clients beyond their limit. */
  readonly guards: Guards;
}

const params = Type.Object({
  anonymous_id: Type.String({
    minLength: 1,
    maxLength: MAX_ID_CHARACTERS,
    description: 'The ID as the client sends it, percent-encoded',
  }),
});

const querystring = Type.Object(
  {
    project: Type.String({
      minLength: 1,
      maxLength: MAX_PROJECT_CHARACTERS,
      description: 'The project; an ID is another user in each',
    }),
  },
  { additionalProperties: false },
);

/** The answer to `DELETE /v1/users/{anonymous_id}`. */
export const deletionReceiptSchema = Type.Object(
  {
    receipt_id: Type.String({ format: 'uuid' }),
    project: Type.String(),
    deleted_at: Type.String({ format: 'date-time' }),
    late_reports_ignored_until: Type.String({
      format: 'date-time',
      description: 'Until then, reports made before deleted_at are not counted when they arrive',
    }),
  },
  { additionalProperties: false, description: 'The deletion is on disk' },
);

const headers = { 'cache-control': 'no-store' };

/** How long an answer waits until earlier acknowledged reports are counted, in milliseconds. */
const CATCH_UP_MS = 1000;

/**
 * `GET` and `DELETE /v1/users/{anonymous_id}?project=`. Who knows an ID may see and delete its
 * data. Neither the answer nor its work shows whether the ID was known.
 */
export function registerUsersRoutes(app: App, parts: UsersParts): void {
  const { journal, counting, store, pepper, clock, guards } = parts;

  app.get(
    '/v1/users/:anonymous_id',
    {
      schema: {
        summary: 'All that is kept of an ID',
        description: 'An ID that nobody has reported with is answered alike.',
        tags: ['users'],
        params,
        querystring,
        response: { 200: ownRecordSchema },
      },
      config: { headers, problems: ['shared_id', 'rate_limited', 'failing'] },
      onRequest: guards,
    },
    async (request, reply) => {
      const { project, uid } = identify(request.params, request.query, pepper);
      const asOf = await counting.caughtUp(CATCH_UP_MS);
      const record = await store.user({ project, uid });
      reply.header('cache-control', 'no-store');
      return toOwnRecord(project, record, asOf);
    },
  );

  app.delete(
    '/v1/users/:anonymous_id',
    {
      schema: {
        summary: 'Delete all that is kept of an ID',
        description: 'An ID that nobody has reported with is answered alike.',
        tags: ['users'],
        params,
        querystring,
        response: { 202: deletionReceiptSchema },
      },
      config: {
        headers,
        problems: ['shared_id', 'rate_limited', 'busy', 'failing', 'clock_jumped', 'disk_full'],
      },
      onRequest: guards,
    },
    async (request, reply) => {
      const { project, uid } = identify(request.params, request.query, pepper);
      const deletedAt = clock.now();
      await journal.append([{ kind: 'deletion', receivedAt: deletedAt.getTime(), project, uid }]);
      return reply
        .code(202)
        .header('cache-control', 'no-store')
        .send({
          receipt_id: randomUUID(),
          project,
          deleted_at: deletedAt.toISOString(),
          late_reports_ignored_until: new Date(
            deletedAt.getTime() + TOMBSTONE_DAYS * DAY_MS,
          ).toISOString(),
        });
    },
  );
}

function identify(
  { anonymous_id: id }: Static<typeof params>,
  query: Static<typeof querystring>,
  pepper: Uint8Array,
): { project: string; uid: Buffer } {
  if (id.startsWith('ci-')) {
    throw new ProblemError(
      'shared_id',
      'IDs that begin with "ci-" are those of build farms, each shared by many: nobody owns one.',
    );
  }
  const project = query.project.toWellFormed();
  return { project, uid: deriveUid(pepper, project, id) };
}
