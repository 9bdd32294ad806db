import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FAMILIES, HISTOGRAMS } from '../../../src/metrics/families.js';
import { deployFile } from '../support/deploy-file.js';
import { DASHBOARDS, targetsOf } from './dashboards.js';

const KNOWN = new Set([
  'up',
  ...FAMILIES.map(({ name }) => name),
  ...HISTOGRAMS.flatMap(({ name }) => [`${name}_bucket`, `${name}_count`, `${name}_sum`]),
]);

describe.each(DASHBOARDS)('$file', ({ dashboard }) => {
  it('has an identity of its own, and none of the Grafana that made it', () => {
    expect(dashboard.id).toBe(null);
    expect(dashboard.uid).toMatch(/^[a-z-]{1,40}$/);
    // 39 is that of Grafana 11, which all later ones bring up to date.
    expect(dashboard.schemaVersion).toBe(39);
    const others = DASHBOARDS.filter((one) => one.dashboard.uid === dashboard.uid);
    expect(others.length).toBe(1);
  });

  it('has panels that are told apart and do not overlap', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false]);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it('asks the data sources that are chosen, and no other', () => {
    const sources = dashboard.templating.list
      .filter(({ type }) => type === 'datasource')
      .map(({ name, query }) => ({ type: query, uid: `\${${name}}` }));
    for (const { type, title, datasource, targets = [] } of dashboard.panels) {
      if (type === 'row') continue;
      expect([title, targets.length > 0]).toEqual([title, true]);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const one of [datasource, ...targets.map((target) => target.datasource)]) {
        expect(sources).toContainEqual(one);
      }
    }
  });

  it('uses variables and families that there are', () => {
    const builtIn = ['__rate_interval', '__from', '__to'];
    const names = [...dashboard.templating.list.map(({ name }) => name), ...builtIn];
    const text = JSON.stringify(dashboard);
    for (const [, name = ''] of text.matchAll(/\$\{?(\w+)/g)) {
      if (name !== '__all') expect(names).toContain(name);
    }
    for (const { target } of targetsOf(dashboard)) {
      const families = target.expr?.match(/\b(headcount|process|nodejs)_\w+|\bup\b/g) ?? [];
      if (target.expr !== undefined) expect(families).not.toEqual([]);
      for (const family of families) expect(KNOWN).toContain(family);
    }
  });
});

it('provisions the data sources and the folder of the dashboards', () => {
  const read = (file: string): unknown => parse(readFileSync(deployFile(file), 'utf8'));
  expect(read('grafana/provisioning/datasources/headcount.yaml')).toMatchObject({
    apiVersion: 1,
    datasources: [
      { type: 'prometheus', access: 'proxy', uid: 'headcount-prometheus' },
      { type: 'yesoreyeram-infinity-datasource', access: 'proxy', uid: 'headcount-stats' },
    ],
  });
  expect(read('grafana/provisioning/dashboards/headcount.yaml')).toMatchObject({
    apiVersion: 1,
    providers: [{ type: 'file', options: { path: expect.stringMatching(/^\//) as string } }],
  });
});
