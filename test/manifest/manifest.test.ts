import { Ajv2020 } from 'ajv/dist/2020.js';
import { check } from 'prettier';
import { describe, expect, it } from 'vitest';
import { field } from '../../src/index.js';
import { exampleReport } from '../../src/manifest/example-report.js';
import { manifestOf, REPORT_FACTS } from '../../src/manifest/manifest-of.js';
import { type TelemetryFacts, telemetryMarkdown } from '../../src/manifest/telemetry-markdown.js';
import { resolveEvents } from '../../src/report/resolve-events.js';
import { isAllowedValue, manifestSchema, reportSchema } from '../../src/wire.js';

const ajv = new Ajv2020({ allowUnionTypes: true });
const events = resolveEvents({
  build: {
    description: 'A build was finished.',
    fields: {
      bundler: { kind: 'enum', values: ['vite', 'we`b``pack'], description: 'What built it.' },
      cached: field.boolean(),
      bytes: field.bucket(100, 1_000),
      bundlerVersion: field.semver(),
      pages: field.count({ max: 2 }),
    },
    timed: true,
  },
  deploy: { description: 'It was deployed.' },
});
const manifest = manifestOf('@acme/cli', events);
const page = (facts: TelemetryFacts = {}): string =>
  telemetryMarkdown({ manifest, command: 'acme telemetry', facts });

/** The paths of all that a schema allows. */
function paths(schema: unknown, prefix = ''): string[] {
  const { properties = {} } = schema as { properties?: Record<string, object> };
  return Object.entries(properties).flatMap(([name, inner]) =>
    'properties' in inner ? paths(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

describe('a manifest', () => {
  it('describes all that a report has, and nothing else', () => {
    expect(Object.keys(REPORT_FACTS).sort()).toEqual(paths(reportSchema).sort());
  });

  it('is what the collector takes', () => {
    expect(ajv.compile(manifestSchema)(manifest)).toBe(true);
  });
});

describe('TELEMETRY.md', () => {
  it('has every fact, event, field and value', () => {
    const text = page();
    for (const [path, description] of Object.entries(REPORT_FACTS)) {
      expect(text).toContain(`- \`${path}\`: ${description}`);
    }
    expect(text).toContain('### Event `startup`');
    expect(text).toContain('### Event `deploy`\n\nIt was deployed.');
    expect(text).toContain('- `bundler`: one of `vite`, ```we`b``pack```. What built it.');
    expect(text).toContain('- `cached`: yes or no.');
    expect(text).toContain('only its range is sent: `<100`, `100-1000`, `>=1000`.');
    expect(text).toContain('- `bundlerVersion`: a version.');
    expect(text).toContain('- `pages`: a whole number; one above 2 is sent as 2.');
    expect(text).toContain('- `outcome`: one of `ok`, `error`.');
  });

  it('has a report for an example that the wire takes, with the declared fields', () => {
    const [, example = ''] = /```json\n([^]*?)```/.exec(page()) ?? [];
    const report = exampleReport('@acme/cli', events);
    expect(JSON.parse(example)).toEqual(report);
    const isReport = ajv.compile(reportSchema);
    expect(isReport(report)).toBe(true);
    const declared = events['build']?.fields ?? {};
    expect(Object.keys(report.fields ?? {})).toEqual(Object.keys(declared));
    for (const [name, field] of Object.entries(declared)) {
      expect([name, isAllowedValue(field, report.fields?.[name])]).toEqual([name, true]);
    }
    expect(isReport(exampleReport('acme', resolveEvents({})))).toBe(true);
  });

  it('tells how to turn it off, by the names that work', () => {
    expect(page()).toContain('- `acme telemetry off`');
    expect(page()).toContain('`ACME_CLI_TELEMETRY_DISABLED=1`');
    expect(page()).toContain('`DO_NOT_TRACK=1`');
    expect(page({ mode: 'opt-in' })).toMatch(/only if you turn it on[^]*- `acme telemetry on`/);
    expect(page({ mode: 'local' })).toContain('It is never sent.');
  });

  it('has the author’s own words: purpose, collector, retention', () => {
    const text = page({ purpose: 'We like it.', endpoint: 'https://a.dev', retentionDays: 30 });
    expect(text).toContain('sends it to <https://a.dev>. We like it.');
    expect(text).toContain('The collector keeps it for 30 days.');
    expect(page()).toContain('as long as its operator has set');
  });

  it('is laid out as formatters lay it out, so that they leave it as it is', async () => {
    expect(
      await check(page({ purpose: 'So.', endpoint: 'https://a.dev' }), { parser: 'markdown' }),
    ).toBe(true);
  });
});
