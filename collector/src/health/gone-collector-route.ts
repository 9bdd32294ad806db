import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { Counting } from '../counting/counting.js';
import { ProblemError } from '../errors.js';
import type { Nodes } from '../store/shared-store.js';
import { noteForAudit } from '../access/audit-details.js';

export interface GoneCollectorParts {
  readonly nodes: Pick<Nodes, 'gone' | 'forget'>;
  readonly counting: Pick<Counting, 'lose'>;
}

/** `DELETE /v1/collectors/{journal}`: a collector that is gone will not come back. */
export function registerGoneCollectorRoute(
  app: App,
  { nodes, counting }: GoneCollectorParts,
): void {
  app.delete(
    '/v1/collectors/:journal',
    {
      schema: {
        tags: ['administration'],
        summary: 'Say that a collector is gone for good, and count its reports as lost',
        params: Type.Object({
          journal: Type.String({
            pattern: '^[0-9a-f]{1,64}$',
            description: 'The name of its journal, which /health tells',
          }),
        }),
        response: { 204: Type.Null({ description: 'What it had is counted as lost' }) },
      },
      config: { level: 'administrator', problems: ['not_found'] },
    },
    async (request, reply) => {
      const { journal } = request.params;
      const gone = nodes.gone.find((one) => one.journal === journal);
      if (gone === undefined) throw new ProblemError('not_found', 'No such collector is gone.');
      await counting.lose(gone);
      await nodes.forget(gone);
      noteForAudit(request, {
        target: journal,
        details: { host: gone.host, reports: gone.reports },
      });
      return reply.code(204).send(null);
    },
  );
}
