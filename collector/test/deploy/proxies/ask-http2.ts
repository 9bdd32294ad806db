import { connect, constants } from 'node:http2';
import type { Answer, Question } from './ask.js';
import { SITE } from './start-proxy.js';

type Http2Question = Pick<Question, 'port' | 'ca' | 'path' | 'headers' | 'body'>;

/** Asks through a proxy over HTTP/2, which it must speak. */
export async function askHttp2({
  port,
  ca,
  path,
  headers,
  body,
}: Http2Question): Promise<Pick<Answer, 'status' | 'headers' | 'text'>> {
  const session = connect(`https://127.0.0.1:${port}`, { ca, servername: SITE });
  try {
    return await new Promise((resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({
        ...{ ':method': body === undefined ? 'GET' : 'POST', ':path': path },
        ...{ ':authority': `${SITE}:${port}`, ...headers },
      });
      let answer: Pick<Answer, 'status' | 'headers'> | undefined;
      let text = '';
      stream.setEncoding('utf8');
      stream.setTimeout(30_000, () => stream.destroy(new Error(`Waited in vain for ${path}.`)));
      stream.on('response', ({ ':status': status = 0, ...rest }) => {
        answer = { status, headers: rest };
      });
      stream.on('data', (piece: string) => {
        text += piece;
      });
      stream.on('error', reject);
      stream.on('close', () => {
        // Many clients take a cancelled stream for no answer, whatever came on it before.
        if (answer === undefined || stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
          reject(new Error(`The stream ended with ${stream.rstCode}, after ${answer?.status}.`));
        } else resolve({ ...answer, text });
      });
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}
