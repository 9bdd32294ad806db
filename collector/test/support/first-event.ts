import { get } from 'node:http';
import { withToken } from './admin-token.js';

/** The data of the first event of a stream, which is left then; an answer that is no stream as it is. */
export function firstEvent(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = get(url, { agent: false, timeout: 30_000, headers: withToken() }, (response) => {
      let text = '';
      const done = (): void => {
        const [, data] = /^event: summary\nid: \S+\ndata: (.*)\n\n/.exec(text) ?? [];
        resolve({ status: response.statusCode ?? 0, text: data ?? text });
        asking.destroy();
      };
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('\n\n')) done();
      });
      response.on('end', done);
    });
    asking.on('timeout', () => asking.destroy(new Error(`Waited in vain for ${url}.`)));
    asking.on('error', reject);
  });
}
