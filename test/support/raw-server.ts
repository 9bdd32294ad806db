import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request, byte for byte. */
export interface RawRequest {
  /** Request line and headers, without the empty line behind them. */
  readonly head: string;
  readonly body: Buffer;
}

/** A server that notes every byte it gets, and acknowledges each request. */
export async function startRawServer(): Promise<{
  readonly address: string;
  readonly port: number;
  readonly requests: readonly RawRequest[];
}> {
  const requests: RawRequest[] = [];
  const server = createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      got = Buffer.concat([got, data]);
      const end = got.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = got.subarray(0, end).toString('latin1');
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
      if (got.length < end + 4 + length) return;
      requests.push({ head, body: got.subarray(end + 4, end + 4 + length) });
      got = got.subarray(end + 4 + length);
      socket.write(
        'HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, port, requests };
}
