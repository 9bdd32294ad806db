import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, preSerializationAsyncHookHandler } from 'fastify';
import { Type } from 'typebox';
import { varyBy } from '../access/vary-by.js';
import { toCsv } from './to-csv.js';

const FORMATS = ['json', 'csv', 'ndjson'] as const;

/** The format of an answer. */
export type Format = (typeof FORMATS)[number];

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** The query parameter that chooses the format. */
export const formatParameter = Type.Optional(
  Type.Enum([...FORMATS], {
    description: 'Rows alone as csv or ndjson, else all as json; comes before Accept',
  }),
);

/** The answer to a caller that has the current answer. */
export const NOT_MODIFIED = Type.Null({
  description: 'Nothing has changed since the answer with this tag',
});

/** A row of an answer. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** The state that an answer depends on. While it is the same, 304 is enough. */
interface AnswerState {
  /** Changes with every report that is counted, or with the answer. */
  readonly version: string;
  readonly today: number;
  readonly timezone: string;
  /** What the caller sees; see `viewKey`. */
  readonly view: string;
}

/** The ETag of an answer: a weak one, since `as_of` always changes. */
export function tagOf(request: FastifyRequest, state: AnswerState): string {
  const { version, today, timezone, view } = state;
  const parts = [version, today, timezone, view, formatOf(request), request.url];
  const hash = createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22);
  return `W/"${hash}"`;
}

/** Whether the caller has the answer with this ETag. */
export function hasAnswer({ headers }: FastifyRequest, tag: string): boolean {
  const given = headers['if-none-match'];
  return given !== undefined && given.split(',').some((one) => one.trim() === tag);
}

/** Sets the headers of an answer with an ETag. */
export function tagAnswer(reply: FastifyReply, tag: string): void {
  varyBy(reply, 'accept, authorization, cookie');
  reply.header('etag', tag).header('cache-control', 'no-cache');
}

/** An answer in its format. */
export interface Written {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Changes when the figures do, and with nothing else. */
  readonly digest: string;
}

/** What every answer may tell besides its rows. */
interface Told {
  readonly as_of?: string;
  readonly timezone?: string;
  readonly unusual?: readonly string[];
  readonly coverage?: string;
  readonly invented?: true;
  readonly merged?: { readonly below: number; readonly at_least: readonly string[] };
}

/** Writes an answer in a format. */
export function writeAnswer<Given extends object>(
  answer: Given & Told,
  format: Format,
  toRows: (answer: Given) => readonly object[],
  columns: (answer: Given) => readonly string[],
): Written {
  const members = toMembers(answer);
  const text =
    format === 'json'
      ? `{${members.map((member) => member.text).join(',')}}`
      : writeRows(answer, format, toRows, columns);
  return {
    body: new TextEncoder().encode(text),
    headers: headersOf(answer, format),
    digest: digestOf(members),
  };
}

interface Member {
  readonly name: string;
  /** Name and value, as they are in JSON. */
  readonly text: string;
}

// Written once for the body and for the digest, since the rows of a year are 2 MB.
const toMembers = (answer: object): Member[] =>
  Object.entries(answer)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, text: `${JSON.stringify(name)}:${JSON.stringify(value)}` }));

function digestOf(members: readonly Member[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of members) if (!MOMENTS.includes(name)) hash.update(text);
  return hash.digest('base64url').slice(0, 22);
}

/** The members of an answer that are no figures. */
const MOMENTS: readonly string[] = ['as_of', 'last_updated'];

const headersOf = (answer: Told, format: Format): Record<string, string> => ({
  'content-type': CONTENT_TYPES[format],
  ...(answer.as_of !== undefined && { 'headcount-as-of': answer.as_of }),
  ...(answer.timezone !== undefined && { 'headcount-timezone': answer.timezone }),
  ...(answer.unusual?.length && { 'headcount-unusual': answer.unusual.join(', ') }),
  ...(answer.merged && { 'headcount-merged': writeMerged(answer.merged) }),
  ...(format !== 'json' && answer.invented && { 'headcount-invented': 'true' }),
  // Not beside JSON, which has it: proxies refuse answers with large headers.
  ...(format !== 'json' &&
    answer.coverage !== undefined && { 'headcount-coverage': percentEncode(answer.coverage) }),
});

/** Sentences from before they were checked may have halves of characters. */
const percentEncode = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Values may have characters that no header may have. */
const writeMerged = ({ below, at_least: names }: NonNullable<Told['merged']>): string =>
  `groups below ${below}${names.length > 0 ? ', some counts are lower bounds' : ''}`;

function writeRows<Given>(
  answer: Given,
  format: 'csv' | 'ndjson',
  toRows: (answer: Given) => readonly object[],
  columns: (answer: Given) => readonly string[],
): string {
  const rows = toRows(answer);
  return format === 'csv' ? toCsv(rows, columns(answer)) : toNdjson(rows);
}

/**
 * A hook of a question's route: writes an answer in the requested format.
 *
 * @param toRows - The rows of an answer.
 * @param columns - The members of its rows, also if there are none.
 */
export function writeAs<Given extends object>(
  toRows: (answer: Given) => readonly Row[],
  columns: (answer: Given) => readonly string[],
): preSerializationAsyncHookHandler {
  return async (request, reply, payload) => {
    if (reply.statusCode !== 200) return payload;
    // The handler made it, by the response schema.
    const answer = payload as Given & Told;
    const format = formatOf(request);
    reply.headers(headersOf(answer, format));
    if (format === 'json') return answer;
    reply.serializer(String);
    return writeRows(answer, format, toRows, columns);
  };
}

/** The format that the parameter names, else the first known type in `Accept`. */
export function formatOf({ query, headers }: FastifyRequest): Format {
  const { format } = query as { readonly format?: Format };
  if (format !== undefined) return format;
  for (const part of (headers.accept ?? '').split(',')) {
    const [type] = part.split(';');
    const found = FORMATS.find((name) => CONTENT_TYPES[name].startsWith(`${type?.trim()};`));
    if (found !== undefined) return found;
  }
  return 'json';
}

const toNdjson = (rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** The columns of an answer's rows, by its schema. */
export const columnsOf = (schema: {
  readonly properties: {
    readonly rows: { readonly items: { readonly required: readonly string[] } };
  };
}): (() => readonly string[]) => {
  const { required } = schema.properties.rows.items;
  return () => required;
};
