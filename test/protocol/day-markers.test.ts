import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import { fakePlatform } from '../support/fake-platform.js';

const STATE = '/home/ada/data/acme-cli';
const MARKERS = ['day.2026-11-21', 'day.2026-11-22', 'wait', 'claim.2996208'];

afterEach(() => instances().clear());

describe('the day markers of clients in other languages', () => {
  it('are deleted when the person opts out: one may hold a report', async () => {
    const files = Object.fromEntries(
      [...MARKERS, 'retired', 'day.txt'].map((name) => [`${STATE}/${name}`, 'x']),
    );
    const platform = fakePlatform({ files });
    const headcount = createHeadcountOn(platform, {
      project: 'acme-cli',
      version: '2.3.1',
      endpoint: 'https://stats.acme.dev',
    });
    await headcount.optOut();
    const left = [...platform.disk.keys()].filter((path) => path.startsWith(`${STATE}/`));
    expect(left.sort()).toEqual([`${STATE}/day.txt`, `${STATE}/retired`]);
  });
});
