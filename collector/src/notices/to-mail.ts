import type { DigestNotice } from './notice.js';
import type { MailCommand } from './receiver.js';

/** Characters of base64 in a line (RFC 2045). */
const LINE = 76;

/**
 * The digest as a mail by RFC 5322, for a program such as `sendmail -t`, which takes lines that end
 * with LF. The body is base64: no line of it is too long, is a lone dot, or has a character beyond
 * ASCII.
 */
export function toMail(
  { id, subject, text, made_at, host }: DigestNotice,
  { to, from }: Pick<MailCommand, 'to' | 'from'>,
): string {
  const body = Buffer.from(text.replaceAll(/\r?\n/g, '\r\n')).toString('base64');
  const domain = host.replaceAll(/[^A-Za-z\d.-]/g, '-') || 'localhost';
  return [
    `From: Headcount <${from}>`,
    // One address a line, so that no line is too long.
    `To: ${to.map((address) => `<${address}>`).join(',\n ')}`,
    `Subject: ${subject.replaceAll(/[^\x20-\x7E]/g, '?')}`,
    `Date: ${toMailDate(new Date(made_at))}`,
    `Message-ID: <${id}@${domain}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []),
    '',
  ].join('\n');
}

const toMailDate = (at: Date): string => at.toUTCString().replace('GMT', '+0000');
