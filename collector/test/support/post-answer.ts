import { request } from 'node:http';

/** An answer to a post, as far as tests look at it. */
export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly code: unknown;
}

/** Posts JSON over a connection of its own, and reads the whole answer. */
export function postFor(url: string, body: unknown): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sending = request(url, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const { code } = JSON.parse(text) as { code?: unknown };
        const retryAfter = response.headers['retry-after'];
        resolve({ status: response.statusCode ?? 0, retryAfter, code });
      });
      response.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(JSON.stringify(body));
  });
}
