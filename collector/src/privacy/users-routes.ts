import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Guards, UserGuards } from '../access/guards.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import type { KeptErasure } from '../erasures/kept-erasure.js';
import { isFull } from '../sqlite/failure.js';
import type { ErasureKeeper } from '../erasures/erasure-keeper.js';
import type { Acknowledging } from '../intake/acknowledging.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import type { Journal } from '../journal/journal.js';
import { DAY_MS } from '../rules/day.js';
import { MAX_ID_CHARACTERS, MAX_PROJECT_CHARACTERS, TOMBSTONE_DAYS } from '../rules/limits.js';
import type { Retention } from '../rules/retention-classes.js';
import { type NamedUser, openToDelete, openToRead, type OpenUserParts } from './open-user.js';
import { ownRecordSchema, toOwnRecord } from './own-record.js';

/** The parts that users' routes need. */
export interface UsersParts extends Omit<OpenUserParts, 'guards'> {
  readonly journal: Pick<Journal, 'append' | 'epoch'>;
  readonly erasures: Pick<ErasureKeeper, 'keep'>;
  readonly acknowledging: Pick<Acknowledging, 'admit' | 'until'>;
  readonly clock: Pick<ClockGuard, 'now'>;
  readonly guards: UserGuards;
  readonly retention: Retention;
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
  {
    additionalProperties: false,
    description: 'The deletion is on disk; with `--store`, the store has done it',
  },
);

/** Of every answer, since all of them depend on the token. */
const NO_STORE = 'no-store';

const notStored: Guards[number] = async (_request, reply) => {
  reply.header('cache-control', NO_STORE);
};

const DESCRIPTION =
  'Everything that was acknowledged before is counted first. The answer is 404 `unknown_user` alike ' +
  'whether nobody has reported with the ID, no report has named an owner of it, or the token is ' +
  'missing or is not the proof of its owner. An owner’s proof is 64 hex digits; the first 32 hex ' +
  'digits of the SHA-256 of that text are the `owner` in reports. ';

/** What both routes have in common. */
const common = {
  schema: { tags: ['users'] },
  config: {
    level: 'public',
    credential: 'owner',
    allHeaders: { 'cache-control': NO_STORE },
    problems: ['shared_id', 'unknown_user', 'rate_limited', 'busy', 'failing'],
  },
} as const;

/**
 * `GET` and `DELETE /v1/users/{anonymous_id}?project=`: the owner of an ID may see and delete its
 * data, and so may the administrator.
 */
export function registerUsersRoutes(app: App, parts: UsersParts): void {
  const { journal, erasures, acknowledging, clock } = parts;
  const tombstoneDays = parts.retention.tombstones ?? TOMBSTONE_DAYS;
  const onRequest = notStored;

  app.get(
    '/v1/users/:anonymous_id',
    {
      schema: {
        ...common.schema,
        summary: 'All that is kept of an ID',
        description: `${DESCRIPTION}The administrator gets a record of any ID, known or not.`,
        params,
        querystring,
        response: { 200: ownRecordSchema },
      },
      config: common.config,
      onRequest,
    },
    async (request, reply) => {
      const user = nameUser(request.params, request.query);
      const { record, asOf } = await openToRead({ request, reply }, user, parts);
      return toOwnRecord(user.project, record, asOf, parts.retention);
    },
  );

  app.delete(
    '/v1/users/:anonymous_id',
    {
      schema: {
        ...common.schema,
        summary: 'Delete all that is kept of an ID',
        description: `${DESCRIPTION}The administrator may delete any ID, known or not.`,
        params,
        querystring,
        response: { 202: deletionReceiptSchema },
      },
      config: {
        ...common.config,
        problems: [...common.config.problems, 'clock_jumped', 'disk_full'],
      },
      onRequest,
    },
    async (request, reply) => {
      const user = nameUser(request.params, request.query);
      const { project } = user;
      const { uid, ownerHash } = await openToDelete({ request, reply }, user, parts);
      acknowledging.admit(1);
      const deletedAt = clock.now();
      const receivedAt = deletedAt.getTime();
      const position = await journal.append([
        { kind: 'deletion', receivedAt, project, uid, ownerHash },
      ]);
      await keepErasure(erasures, {
        ...{ epoch: journal.epoch, position, project, uid, ownerHash },
        deletedAt: receivedAt,
      });
      await acknowledging.until(position);
      return reply.code(202).send({
        receipt_id: randomUUID(),
        project,
        deleted_at: deletedAt.toISOString(),
        late_reports_ignored_until: new Date(receivedAt + tombstoneDays * DAY_MS).toISOString(),
      });
    },
  );
}

/** @throws `ProblemError` `failing`, or that the disk is full: a restore would undo the deletion. */
async function keepErasure(erasures: UsersParts['erasures'], erasure: KeptErasure): Promise<void> {
  try {
    await erasures.keep(erasure);
  } catch (error) {
    if (isFull(error)) throw error;
    throw new ProblemError(
      'failing',
      'The deletion cannot be kept beside the backups. Send the request again later.',
    );
  }
}

function nameUser(
  { anonymous_id: anonymousId }: Static<typeof params>,
  query: Static<typeof querystring>,
): NamedUser {
  return { project: query.project.toWellFormed(), anonymousId };
}
