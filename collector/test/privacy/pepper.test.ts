import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logs/logger.js';
import { openPepper, PepperError } from '../../src/privacy/pepper.js';
import { importBuilt } from '../support/built.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('the pepper', () => {
  it('is made once, for its owner’s eyes only', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'pepper');
    const pepper = openPepper(path, true);
    expect(pepper).toHaveLength(32);
    expect(openPepper(path, true)).toEqual(pepper);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['pepper']);
  });

  it('is another one in every folder', () => {
    const [a, b] = [temporaryFolder(), temporaryFolder()];
    expect(openPepper(join(a, 'pepper'), true)).not.toEqual(openPepper(join(b, 'pepper'), true));
  });

  it('is refused when it is damaged', () => {
    const path = join(temporaryFolder(), 'pepper');
    writeFileSync(path, 'short');
    expect(() => openPepper(path, true)).toThrow(PepperError);
  });

  it('is not made again where users were counted with the last one', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    await collector.close();
    rmSync(join(collector.data, 'pepper'));
    const { openCollector } = await importBuilt();
    const logger = createLogger('silent', { write: () => undefined });
    await expect(openCollector({ data: collector.data, logger })).rejects.toThrow(/is missing/);
  });
});
