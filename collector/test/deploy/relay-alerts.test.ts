import { expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startRelay } from '../support/start-relay.js';
import { until } from '../support/until.js';
import { describeAlertRules, readRules } from './support/describe-alert-rules.js';

const RULES = 'prometheus/relay-alerts.yml';

describeAlertRules('the alerts of relays', RULES, 'prometheus/relay-alerts-test.yml', 'relay.md');

it('the alerts of relays read figures that a relay gives', async () => {
  const relay = await startRelay('http://127.0.0.1:9');
  await relay.post('/v1/reports', fullReport());
  await until('it has tried', async () => (await relay.state())['failing_reason'] !== null);
  const { text } = await relay.get('/metrics');
  // It is there once a collector has refused something.
  const used = new Set(readRules(RULES).match(/\bheadcount_relay_(?!refused)\w+/g));
  expect(used.size).toBeGreaterThan(5);
  for (const name of used) expect(text).toMatch(new RegExp(`^${name}[ {]`, 'm'));
});
