import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import type { TestCollector } from './start-collector.js';

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly description?: string;
}

interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, Response>>;
}

/** What tests look at in the OpenAPI document. */
export interface OpenapiDocument {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** An answer as it came over the wire, or would have. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Asks a collector for its OpenAPI document. */
export async function getDocument(collector: TestCollector): Promise<OpenapiDocument> {
  const response = await collector.app.inject('/openapi.json');
  return response.json<OpenapiDocument>();
}

/** The operations of a document by their names, such as `GET /v1/users/{anonymous_id}`. */
export function operationsOf({ paths }: OpenapiDocument): ReadonlyMap<string, Operation> {
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    ),
  );
}

/** Every answer that a document knows, as `GET /path 200 text/csv`, or without a type. */
export function answersOf(document: OpenapiDocument): string[] {
  return [...operationsOf(document)].flatMap(([name, { responses }]) =>
    Object.entries(responses).flatMap(([status, { content }]) =>
      content === undefined
        ? [`${name} ${status}`]
        : Object.keys(content).map((type) => `${name} ${status} ${type}`),
    ),
  );
}

/** Headers that come with HTTP itself. */
const PLAIN_HEADERS = [
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
  // For browsers, alike in every answer: the document says so in its description.
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
];

/** Checks answers against a document, and remembers which were seen. */
export function createChecker(document: OpenapiDocument) {
  const operations = operationsOf(document);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const seen = new Set<string>();

  return {
    /** `GET /path 200 text/csv`, or without a type, for every answer that was checked. */
    seen: seen as ReadonlySet<string>,
    /** Whether a body is one that an operation is documented to take. */
    takes: (name: string, body: unknown): boolean => {
      const pointer = [...pointerTo(name), 'requestBody', 'content', 'application/json', 'schema'];
      return ajv.validate({ $ref: toRef(pointer) }, body);
    },
    /** Fails where an answer is not as documented. */
    check: (name: string, { status, headers, text }: PlainAnswer): void => {
      const documented = operations.get(name)?.responses[status];
      if (documented === undefined) throw new Error(`${name} ${status} is not documented: ${text}`);

      const known = [...PLAIN_HEADERS, ...Object.keys(documented.headers ?? {})];
      expect(known).toEqual(expect.arrayContaining(Object.keys(headers)));
      expect(headers).toHaveProperty('x-request-id');

      if (documented.content === undefined) {
        expect(text).toBe('');
        seen.add(`${name} ${status}`);
        return;
      }
      const [type = ''] = String(headers['content-type']).split(';');
      expect(Object.keys(documented.content)).toContain(type);
      seen.add(`${name} ${status} ${type}`);
      const isJson = type === 'application/json' || type === 'application/problem+json';
      const pointer = [...pointerTo(name), 'responses', String(status), 'content', type, 'schema'];
      const isValid = ajv.validate({ $ref: toRef(pointer) }, isJson ? JSON.parse(text) : text);
      expect([name, status, isValid ? [] : ajv.errors]).toEqual([name, status, []]);
      if (type === 'application/problem+json' && 'retry-after' in (documented.headers ?? {})) {
        expect(headers).toHaveProperty('retry-after');
      }
    },
  };
}

function pointerTo(name: string): string[] {
  const [method = '', path = ''] = name.split(' ');
  return ['paths', path, method.toLowerCase()];
}

function toRef(pointer: readonly string[]): string {
  const steps = pointer.map((step) =>
    encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  return `document#/${steps.join('/')}`;
}
