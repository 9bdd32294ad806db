import { createHash, randomUUID } from 'node:crypto';
import type { Report } from 'headcount/wire';

/** The moment of the tests that set their clock; those by the system's clock may run later. */
const MADE_AT = Date.parse('2026-11-22T20:58:00.123Z');

/** A UUIDv7. @param madeAt - In milliseconds since 1970; not long ago without it. */
export function reportId(madeAt = Math.max(MADE_AT, Date.now())): string {
  const time = madeAt.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** What the owner of an ID proves it by, where nothing else is said. */
export const PROOF = 'a1'.repeat(32);

/** What reports name the owner by: the first 32 hex digits of the SHA-256 over the proof's text. */
export const ownerOf = (proof: string): string =>
  createHash('sha256').update(proof, 'utf8').digest('hex').slice(0, 32);

/** How a proof is sent. */
export const bearer = (proof = PROOF): { authorization: string } => ({
  authorization: `Bearer ${proof}`,
});

/** A report as the client sends it. */
export function fullReport(changes: Partial<Report> = {}): Report {
  return {
    report_id: reportId(),
    anonymous_id: '9f86d081884c7d65',
    owner: ownerOf(PROOF),
    timestamp: '2026-11-22T20:58:00.123Z',
    project: 'acme-cli',
    event: 'startup',
    lost_total: 0,
    info: {
      os: 'Linux',
      os_version: '6.18',
      arch: 'x64',
      version: '2.3.1',
      runtime: 'node',
      runtime_version: '20.20',
      id_source: 'machine',
      id_persisted: true,
      ci: null,
      container: false,
      wsl: false,
      agent: null,
      channel: 'npm',
      level: 'full',
    },
    ...changes,
  };
}

/** A report as clients of the first generation send it. */
export function firstGenerationReport(changes: Record<string, unknown> = {}) {
  return {
    anonymous_id: 'a1b2c3d4e5f60718',
    timestamp: '2026-11-22T20:58:00.123456',
    project: 'acme-cli',
    info: { os: 'Windows', version: '1.0.4' },
    ...changes,
  };
}
