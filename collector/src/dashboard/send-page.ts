import type { FastifyReply } from 'fastify';
import type { Page } from '../../web/page/page.js';
import { varyBy } from '../access/vary-by.js';
import { toCsv } from '../stats/to-csv.js';
import type { Renderer } from './open-renderer.js';
import { NOT_FOUND } from './problem-of.js';
import type { WebFiles } from './web-files.js';
import { toFileName } from './to-file-name.js';

/** The content type of a page's data, which the script in the browser asks for. */
export const PAGE_TYPE = 'application/vnd.headcount.page+json';

/**
 * What a page may do in a browser: run its own script, have its own style and pictures, ask this
 * server, send forms to it. Nothing inline, nothing of another host.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface SendPageParts {
  readonly renderer: Renderer;
  readonly files: WebFiles;
  readonly basePath: string;
}

/** Sends a page as its URL and the caller ask for it: HTML, its data, or the CSV of a chart. */
export async function sendPage(
  reply: FastifyReply,
  made: Page,
  status: number,
  { renderer, files, basePath }: SendPageParts,
): Promise<FastifyReply> {
  const worded = renderer.wordCauses(made);
  const { csv, ...query } = worded.frame.query;
  const table =
    csv === undefined ? undefined : renderer.tablesOf(worded).find(({ id }) => id === csv);
  const isMissing = csv !== undefined && table === undefined && status < 400;
  const page = isMissing
    ? { frame: { ...worded.frame, query }, content: NOT_FOUND.content }
    : worded;
  const script = files.script[page.frame.language];
  varyBy(reply, 'accept, accept-language, authorization, cookie');
  reply
    .code(isMissing ? NOT_FOUND.status : status)
    .header('cache-control', reply.getHeader('cache-control') ?? 'private, no-cache')
    .header('content-security-policy', POLICY)
    .header('referrer-policy', 'same-origin')
    .header('headcount-build', script);
  if (table !== undefined) {
    const name = [page.frame.project, table.id].filter((part) => part !== null).join('-');
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${toFileName(name)}.csv"`)
      .send(
        toCsv(
          table.rows.map((row) => row.map(({ value }) => value)),
          table.columns.map(({ key }) => key),
        ),
      );
  }
  if (reply.request.headers.accept?.startsWith(PAGE_TYPE) === true) {
    return reply.type(`${PAGE_TYPE}; charset=utf-8`).serializer(String).send(JSON.stringify(page));
  }
  const assets = {
    script: `${basePath}/assets/${script}`,
    style: `${basePath}/assets/${files.style}`,
    icon: `${basePath}/assets/${files.icon}`,
  };
  return reply.type('text/html; charset=utf-8').send(renderer.renderPage(page, assets));
}
