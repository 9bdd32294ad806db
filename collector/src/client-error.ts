import type { Socket } from 'node:net';
import { ERRORS, type ErrorCode } from './errors.js';
import { hasCode } from './has-code.js';

/** Answers what is no HTTP that Node can read, before there is a request. Nothing is logged. */
export function handleClientError(error: Error, socket: Socket): void {
  if (hasCode(error, 'ECONNRESET') || socket.destroyed) return;
  const code = toCode(error);
  const { status, title } = ERRORS[code];
  const body = JSON.stringify({
    type: `urn:headcount:problem:${code}`,
    title,
    status,
    detail: title,
    code,
    request_id: '',
  });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

function toCode(error: Error): ErrorCode {
  if (hasCode(error, 'ERR_HTTP_REQUEST_TIMEOUT')) return 'request_timeout';
  if (hasCode(error, 'HPE_HEADER_OVERFLOW')) return 'headers_too_large';
  return 'bad_request';
}
