import { describe, expect, it } from 'vitest';
import type { AlertsNotice, DigestNotice, ToldCondition } from '../../src/notices/notice.js';
import { shapeNotice } from '../../src/notices/shape-notice.js';

const MADE = { id: 'id-1', made_at: '2026-11-29T12:34:56.789Z', host: 'stats-1' };

const alerts = (
  conditions: readonly Partial<ToldCondition>[],
  event: 'begin' | 'change' | 'end' = 'begin',
): AlertsNotice => ({
  ...{ version: 1, type: 'alerts', ...MADE },
  events: conditions.map((condition, at) => ({
    ...{ id: `event-${at}`, event, at: MADE.made_at, left_out: 0 },
    condition: {
      ...{ name: 'disk', state: 'warning', severity: 'warning', value: 91, unit: 'percent' },
      ...{ threshold: 90, since: MADE.made_at, reason: 'The disk is 91 % full.' },
      ...{ hint: 'Make room.', link: 'https://docs.example/a_b#disk' },
      ...condition,
    },
  })),
});

const digest = (text: string): DigestNotice => ({
  ...{ version: 1, type: 'digest', ...MADE, date: '2026-11-30', subject: 'Headcount', text },
});

const slack = (notice: AlertsNotice | DigestNotice): string =>
  (JSON.parse(shapeNotice(notice, 'slack')) as { text: string }).text;
const discord = (notice: AlertsNotice | DigestNotice): string =>
  (JSON.parse(shapeNotice(notice, 'discord')) as { content: string }).content;

const EVIL =
  '<!channel> & <@U123> @everyone **b** _i_ `c` ~s~ ||x|| [a](http://evil.example) <http://x|y>';

describe('Slack', () => {
  it('gets a text', () => {
    expect(JSON.parse(shapeNotice(alerts([{}]), 'slack'))).toEqual({
      text:
        '*Headcount on stats-1*\n*Warning: disk, 2026-11-29 12:34 UTC*\nThe disk is 91 % full.\n' +
        'Make room.\n<https://docs.example/a_b#disk>',
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it('finds no mention and no link in what others wrote', () => {
    const text = slack(alerts([{ reason: EVIL }]));
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;@U123&gt;');
    expect(text.match(/<[^>]*>/g)).toEqual(['<https://docs.example/a_b#disk>']);
    expect(slack(digest(EVIL))).not.toMatch(/<[^>]*>/);
  });

  it('gets no more than 4000 characters, and is told what is missing', () => {
    const many = Array.from({ length: 200 }, (_, at) => ({
      name: `c${at}`,
      reason: '&'.repeat(90),
    }));
    const text = slack(alerts(many));
    expect(text.length).toBeLessThanOrEqual(4000);
    expect(text).toMatch(/And \d+ further; see GET \/health\.$/);
    const long = slack(alerts([{ reason: '&'.repeat(9000), hint: '🎈'.repeat(9000) }]));
    expect(long.length).toBeLessThanOrEqual(4000);
    expect(long).toMatch(/…/);
    expect(long).toContain('https://docs.example');
    expect(slack(digest('a < b\n'.repeat(2000))).length).toBeLessThanOrEqual(4000);
  });
});

describe('Discord', () => {
  it('gets a text that mentions nobody', () => {
    expect(JSON.parse(shapeNotice(alerts([{}], 'end'), 'discord'))).toEqual({
      content:
        '**Headcount on stats\\-1**\n**Over\\: disk, 2026\\-11\\-29 12\\:34 UTC**\n' +
        'It was\\: The disk is 91 % full.\n<https://docs.example/a_b#disk>',
      allowed_mentions: { parse: [] },
    });
  });

  it('finds no Markdown in what others wrote', () => {
    const text = discord(alerts([{ reason: EVIL }]));
    const line = text.split('\n').find((one) => one.includes('channel')) ?? '';
    expect(line.replaceAll(/\\[^A-Za-z\d\s]/g, '')).not.toMatch(/[*_`~|<>[\]()@]/);
  });

  it('gets no more than 2000 characters, of whole characters', () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ name: `c${at}` }));
    expect(discord(alerts(many)).length).toBeLessThanOrEqual(2000);
    for (let padding = 0; padding < 4; padding++) {
      const reason = 'x'.repeat(padding) + '🎈'.repeat(3000);
      const text = discord(alerts([{ reason }]));
      expect(text.length).toBeLessThanOrEqual(2000);
      expect(text.isWellFormed?.() ?? !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/.test(text)).toBe(true);
    }
  });

  it('shows a digest as it is set, and says how to see what is cut off', () => {
    const text = discord(digest(`head  ▁▂\n${'a ``` line\n'.repeat(500)}`));
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text.match(/```/g)).toHaveLength(2);
    expect(text).toMatch(/\n\d+ further lines\\: headcount\\-collector digest \\-\\-print$/);
  });
});
