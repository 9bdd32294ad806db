/** The answer of a Headcount collector to a request that it refuses (collector/src/errors.ts). */
export function problem(status: number, code: string) {
  const type = `urn:headcount:problem:${code}`;
  const said = { type, title: code, status, detail: code, code, request_id: 'r' };
  const headers = { 'content-type': 'application/problem+json' };
  return { status, headers, body: JSON.stringify(said) };
}
