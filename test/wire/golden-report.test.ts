import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import { parseEndpoint } from '../../src/project/parse-endpoint.js';
import { completeReport } from '../../src/report/draft.js';
import { uuidV7 } from '../../src/sender/uuid-v7.js';
import { requestBody } from '../../src/sender/upload.js';
import { readSegment } from '../../src/storage/outbox-lines.js';
import { reportBatchSchema, reportSchema } from '../../src/wire.js';
import { fakePlatform } from '../support/fake-platform.js';

afterEach(() => instances().clear());

/** The report of one `track()` on a machine that is always the same. */
function goldenReport() {
  instances().clear();
  const platform = fakePlatform();
  const endpoint = 'https://stats.acme.dev';
  createHeadcountOn(platform, { project: 'acme-cli', version: '2.3.1', endpoint }).track();
  const [draft] = [...platform.disk.values()].flatMap((text) => readSegment(text).drafts);
  if (!draft) throw new Error('nothing was tracked');
  const identity = {
    anonymous_id: '9f86d081884c7d65',
    id_source: 'machine',
    id_persisted: true,
    owner: 'd41f0a8c6be2975d13c04f5e9a7b2861',
  } as const;
  const random = Uint8Array.from({ length: 10 }, (_, at) => (37 * (at + 1)) % 256);
  const report_id = uuidV7(draft.at_ms, random);
  return completeReport({ ...draft, report_id }, identity, 0);
}

const golden = (name: string) =>
  readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8').trimEnd();

// A change of these files is a change of what is sent: it needs a line in CHANGELOG.md and in the
// README's payload.
describe('the payload', () => {
  it('of one report is golden/report.json, to the byte', () => {
    expect(JSON.stringify(goldenReport(), null, 2)).toBe(golden('report.json'));
  });

  it('of a batch is golden/batch.json, to the byte', () => {
    const endpoint = parseEndpoint('https://stats.acme.dev');
    if (typeof endpoint === 'string') throw new Error(endpoint);
    const body = requestBody([goldenReport()], endpoint, Date.UTC(2026, 10, 22, 20, 58, 1));
    expect(body).toBe(golden('batch.json'));
  });

  it('is what its JSON Schema says, and nothing more', () => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    const isReport = ajv.compile(reportSchema);
    expect(isReport(goldenReport()) || isReport.errors).toBe(true);
    expect(isReport({ ...goldenReport(), host: 'adas-laptop' })).toBe(false);
    expect(isReport({ ...goldenReport(), anonymous_id: 'ada' })).toBe(false);
    const { owner = '', ...without } = goldenReport();
    expect(isReport(without) || isReport.errors, 'no secret could be kept').toBe(true);
    for (const wrong of [null, '', owner.slice(1), `${owner}0`, owner.toUpperCase()]) {
      expect(isReport({ ...without, owner: wrong })).toBe(false);
    }
    const isBatch = ajv.compile(reportBatchSchema);
    expect(isBatch(JSON.parse(golden('batch.json'))) || isBatch.errors).toBe(true);
  });

  it('satisfies a collector that knows only the five fields of the first generation', () => {
    const isFirstGeneration = new Ajv2020().compile({
      type: 'object',
      required: ['anonymous_id', 'timestamp', 'project', 'info'],
      properties: {
        anonymous_id: { type: 'string' },
        timestamp: { type: 'string' },
        project: { type: 'string' },
        info: {
          type: 'object',
          required: ['os', 'version'],
          properties: { os: { type: 'string' }, version: { type: 'string' } },
        },
      },
    });
    expect(isFirstGeneration(goldenReport())).toBe(true);
  });

  it('stands in the README as it is sent', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, shown = ''] = /```json\n([^`]*"report_id"[^`]*)```/.exec(readme) ?? [];
    expect(JSON.parse(shown)).toEqual(goldenReport());
  });
});
