import type { TestRequest } from './report-server.js';

/** What a report needs, what HTTP itself needs, and a project's write key (docs/protocol.md). */
const NEEDED = new Set([
  ...['content-type', 'content-encoding', 'user-agent', 'authorization'],
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'expect'],
  ...['accept', 'accept-encoding', 'te'],
]);
/** A client's own name and version, without anything of the app. */
const USER_AGENT = /^headcount[a-z-]*\/\d[\w.-]*$/;

/** The headers of a request that tell more than needed, one sentence each. */
export function needlessHeaders({ headers }: Pick<TestRequest, 'headers'>): string[] {
  return headers.flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    if (!NEEDED.has(lower)) return [`the header "${name}" is not needed`];
    if (lower === 'user-agent' && !USER_AGENT.test(value)) {
      return [`the header "${name}" tells more than a client's name: ${JSON.stringify(value)}`];
    }
    return [];
  });
}
