import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { openRaw, type RawConnection } from '../support/raw-connection.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const MAX = 5;

async function open() {
  const collector = await startCollector({
    ...{ maxTokenListeners: MAX, maxListenersPerClient: 100, accessLog: 'all' },
  });
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  const { authorization } = withToken();
  const listen = async (query = ''): Promise<RawConnection> => {
    const raw = await openRaw(url);
    raw.write(
      `GET /v1/logs/live${query} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    await until('it is answered', () => raw.status() !== undefined);
    return raw;
  };
  return { collector, listen };
}

describe('GET /v1/logs/live', () => {
  it('has a bounded number of readers, and room for the next once one has left', async () => {
    const { collector, listen } = await open();
    for (let round = 0; round < 3; round++) {
      const readers = await Promise.all(Array.from({ length: MAX }, () => listen()));
      expect(readers.map((one) => one.status())).toEqual(Array(MAX).fill(200));
      const late = await listen();
      expect(late.status()).toBe(503);
      late.socket.destroy();
      for (const { socket } of readers) socket.destroy();
      await until('there is room', async () => {
        const next = await listen();
        const status = next.status();
        next.socket.destroy();
        return status === 200;
      });
    }
    await until('nobody is connected', async () => {
      return (
        (await new Promise<number>((resolve) => {
          collector.app.server.getConnections((_error, count) => resolve(count));
        })) === 0
      );
    });
  });

  it('tells every reader what it asked for, and ends each with the collector', async () => {
    const { collector, listen } = await open();
    const all = await listen();
    const requests = await listen('?source=requests');
    const errors = await listen('?level=error');
    for (let n = 0; n < 100; n++) await collector.stranger('/livez');
    const countOf = (one: RawConnection): number =>
      one.received().split('"route":"/livez"').length - 1;
    await until('all is told', () => countOf(all) === 100 && countOf(requests) === 100);
    expect(errors.received()).not.toContain('event: log');
    expect(all.received()).not.toContain('left_out');
    await collector.close();
    await until('all have ended', () => [all, requests, errors].every((one) => one.isClosed()));
  });
});
