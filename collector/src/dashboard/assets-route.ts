import { Type } from 'typebox';
import { varyBy } from '../access/vary-by.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import type { WebFiles } from './web-files.js';

/** A name has the hash of what is in the file, so it never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

const params = Type.Object({ file: Type.String({ maxLength: 200 }) });

/** `GET /assets/{file}`: the built files that pages load. */
export function registerAssetsRoute(app: App, readFiles: () => Promise<WebFiles>): void {
  app.get(
    '/assets/:file',
    { schema: { hide: true, params }, config: { level: 'public', credential: 'none' } },
    async (request, reply) => {
      const { files } = await readFiles();
      const file = files.get(request.params.file);
      if (file === undefined) throw new ProblemError('not_found', 'There is no such file.');
      const accepted = request.headers['accept-encoding'] ?? '';
      const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name));
      if (encoding !== undefined) reply.header('content-encoding', encoding);
      varyBy(reply, 'accept-encoding');
      return reply
        .type(file.type)
        .header('cache-control', FOR_EVER)
        .send(encoding === undefined ? file.plain : file[encoding]);
    },
  );
}
