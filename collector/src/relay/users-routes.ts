import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Guard } from '../access/request-guard.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { MAX_ID_CHARACTERS, MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import type { Forwarder } from './forwarder.js';
import { readRelayedBy } from './relayed-by.js';
import type { Person, RelayQueue } from './relay-queue.js';
import { NoAnswerError, type Upstream, type UpstreamAnswer } from './upstream.js';

export interface UsersParts {
  readonly queue: Pick<RelayQueue, 'find'>;
  readonly forwarder: Pick<Forwarder, 'passOn' | 'drop'>;
  readonly upstream: Upstream;
  /** Ends requests that run: the relay closes. */
  readonly signal: AbortSignal;
  /** Refuse what came by this relay before, and clients that ask too often. */
  readonly guards: readonly Guard[];
}

const params = Type.Object({
  anonymous_id: Type.String({ minLength: 1, maxLength: MAX_ID_CHARACTERS }),
});

const querystring = Type.Object(
  { project: Type.String({ minLength: 1, maxLength: MAX_PROJECT_CHARACTERS }) },
  { additionalProperties: false },
);

/**
 * `GET` and `DELETE /v1/users/{anonymous_id}?project=`: a promise to a person, so the collector itself
 * must keep it. What waits here of the person goes before; if the collector cannot be reached, nothing
 * is promised.
 */
export function registerUsersRoutes(app: App, parts: UsersParts): void {
  const { queue, forwarder, upstream, signal } = parts;
  const schema = { params, querystring };
  const onRequest: Guard = async (request, reply) => {
    reply.header('cache-control', 'no-store');
    for (const guard of parts.guards) await guard(request, reply);
  };

  const passOn = async (
    request: FastifyRequest,
    method: 'GET' | 'DELETE',
    person: Person,
  ): Promise<UpstreamAnswer> => {
    const { anonymousId, project } = person;
    const query = new URLSearchParams({ project }).toString();
    try {
      await forwarder.passOn(person);
      return await upstream.ask({
        ...{ method, signal, authorization: request.headers.authorization },
        relayedBy: readRelayedBy(request.headers),
        path: `/v1/users/${encodeURIComponent(anonymousId)}?${query}`,
      });
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const detail = `The collector behind this relay cannot be asked now: ${error.message}.`;
      throw new ProblemError('failing', detail);
    }
  };
  const answer = (reply: FastifyReply, { status, headers, body }: UpstreamAnswer) => {
    if (status < 200 || (status >= 300 && status < 400)) {
      throw new ProblemError('failing', `The collector behind this relay answered ${status}.`);
    }
    for (const name of ['retry-after', 'content-type', 'www-authenticate']) {
      const value = headers[name];
      if (value !== undefined) reply.header(name, value);
    }
    return reply.code(status).serializer(String).send(body);
  };

  app.get('/v1/users/:anonymous_id', { schema, onRequest }, async (request, reply) =>
    answer(reply, await passOn(request, 'GET', nameOf(request.params, request.query))),
  );
  app.delete('/v1/users/:anonymous_id', { schema, onRequest }, async (request, reply) => {
    const person = nameOf(request.params, request.query);
    const before = await queue.find(person);
    const told = await passOn(request, 'DELETE', person);
    // The collector has checked the proof. What it did not take before, such as new people beyond its
    // limits, must not come to it later.
    if (told.status >= 200 && told.status < 300) {
      await forwarder.drop(before.map(({ position }) => position));
    }
    return answer(reply, told);
  });
}

const nameOf = (
  { anonymous_id: anonymousId }: { readonly anonymous_id: string },
  { project }: { readonly project: string },
): Person => ({ anonymousId, project: project.toWellFormed() });
