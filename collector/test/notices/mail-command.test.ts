import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../src/logs/logger.js';
import { NOTICE_TIMES } from '../../src/notices/notice-times.js';
import { openNotices } from '../../src/notices/open-notices.js';
import { listReceivers, type MailCommand } from '../../src/notices/receiver.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const FAST = {
  ...NOTICE_TIMES,
  ...{ commandMs: 300, gatherMs: 1, restMs: 1, firstRetryMs: 10, longestRetryMs: 20, closeMs: 50 },
};

/** A program in a folder of its own, which may use `$out` for a file that does not exist yet. */
function program(folder: string, body: string): string {
  const path = join(folder, 'send mail');
  writeFileSync(path, `#!/bin/sh\nout="${folder}/mail-$$"\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const mailsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('mail-'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));

function open(folder: string, mail: Partial<MailCommand>, times = FAST) {
  let log = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const notices = openNotices({
    receivers: listReceivers({
      ...{ alertWebhooks: [], digestWebhooks: [] },
      mail: { command: [], to: ['ada@acme.dev'], from: 'headcount@acme.dev', ...mail },
    }),
    ...{ path: join(folder, 'outbox.json'), host: 'stats_1', version: '1.2.3', times },
    ...{ now: () => new Date('2026-11-30T08:00:00Z'), makeId: randomUUID, random: () => 0 },
    mayBegin: () => true,
    logger: createLogger('trace', sink),
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= notices.close());
  onTestFinished(close);
  return {
    ...notices,
    close,
    log: () => log,
    put: async (text: string, subject = 'The week', date = '2026-11-30') =>
      notices.putDigest(date, { subject, text }),
  };
}

/** The headers and the decoded text of a mail. */
function read(mail: string): { readonly headers: Record<string, string>; readonly text: string } {
  const [head = '', body = ''] = mail.split(/\n\n(.*)/s);
  const lines = head.replaceAll(/\n[ \t]+/g, ' ').split('\n');
  const pairs = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  const text = Buffer.from(body, 'base64').toString().replaceAll('\r\n', '\n');
  return { headers: Object.fromEntries(pairs), text };
}

it('hands a program a mail, which has no line that could end it or break it', async () => {
  const folder = temporaryFolder();
  const command = [program(folder, 'cat > "$out.draft" && mv "$out.draft" "$out"')];
  const sender = open(folder, { command, to: ['ada@acme.dev', "o'neil+x@acme.dev"] });
  const text = `a\n.\n\nFrom here\n▁▂█ ${'ü'.repeat(5000)}\n`;
  await sender.put(text, 'The week: Ü\r\nBcc: eve@evil.example');
  await until('the mail is there', () => mailsIn(folder).some((mail) => mail.endsWith('\n')));
  await sender.close();
  const [mail = ''] = mailsIn(folder);
  const lines = mail.split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  expect(lines).not.toContain('.');
  expect(mail).toMatch(/^[\x20-\x7E\n]*$/);
  const { headers, text: decoded } = read(mail);
  expect(decoded).toBe(text);
  expect(headers).toEqual({
    From: 'Headcount <headcount@acme.dev>',
    To: "<ada@acme.dev>, <o'neil+x@acme.dev>",
    Subject: 'The week: ???Bcc: eve@evil.example',
    Date: 'Mon, 30 Nov 2026 08:00:00 +0000',
    'Message-ID': expect.stringMatching(/^<digest-2026-11-30-[\da-f-]+@stats-1>$/) as string,
    'Auto-Submitted': 'auto-generated',
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': 'base64',
  });
});

it('lets no shell read the command', async () => {
  const folder = temporaryFolder();
  const touched = join(folder, 'touched');
  const command = [
    program(folder, 'cat > /dev/null; for word; do echo "$word" >> "$out"; done'),
    ...['-t', `; touch ${touched}`, `$(touch ${touched})`, '*', '`id`', '$HOME'],
  ];
  const sender = open(folder, { command });
  await sender.put('text');
  await until('it has run', () => mailsIn(folder).some((mail) => mail.includes('$HOME')));
  expect(mailsIn(folder)).toEqual([`${command.slice(1).join('\n')}\n`]);
  expect(existsSync(touched)).toBe(false);
});

it('tries again what fails, and sends what was taken once', async () => {
  const folder = temporaryFolder();
  const body = `cat > "$out"; n=$(ls "${folder}" | grep -c ^mail-); [ "$n" -ge 3 ] || exit 75`;
  const sender = open(folder, { command: [program(folder, body)] });
  await sender.put('text');
  await until('it is delivered', () => sender.log().includes('messages are delivered again'));
  await sender.close();
  const again = open(folder, { command: [program(folder, body)] });
  expect(again.digestDate).toBe('2026-11-30');
  await again.close();
  const ids = mailsIn(folder).map((mail) => read(mail).headers['Message-ID']);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
  expect(sender.log().match(/it ended with 75/g)).toHaveLength(1);
});

it.each([
  ['is missing', ['/nowhere/sendmail'], 'it cannot be run \\(ENOENT\\)'],
  ['ends at once without reading', ['false'], 'it ended with 1'],
  [
    'hangs, with children of its own',
    ['sh', '-c', 'sleep 60 | sleep 60'],
    'it took more than 0.3 s',
  ],
])('says of a program that %s why the digest is not sent', async (_name, command, reason) => {
  const sender = open(temporaryFolder(), { command });
  await sender.put('x'.repeat(500_000));
  await until('it has failed', () => new RegExp(reason).test(sender.log()));
});

it('does not send a mail again that may have been taken as the collector ended', async () => {
  const folder = temporaryFolder();
  const command = [program(folder, 'cat > "$out"; sleep 1; echo done >> "$out"')];
  const slow = { ...FAST, commandMs: 60_000 };
  const first = open(folder, { command }, slow);
  await first.put('text');
  await until('it has begun', () => mailsIn(folder).length === 1);
  await first.close();
  const second = open(folder, { command }, slow);
  expect(second.log()).toContain('the collector ended while a message was handed over');
  await second.put('the next week', 'Next', '2026-12-07');
  await until('the next one has come', () => mailsIn(folder).length === 2);
  // The command of before was left to itself, and has done its work.
  await until('all are done', () => mailsIn(folder).every((mail) => mail.endsWith('done\n')));
  const subjects = mailsIn(folder).map((mail) => read(mail).headers['Subject']);
  expect(subjects.sort()).toEqual(['Next', 'The week']);
});

it('keeps only the newest digest for a program that fails for weeks', async () => {
  const folder = temporaryFolder();
  const mended = join(folder, 'mended');
  const command = [program(folder, `[ -e "${mended}" ] || exit 1; cat > "$out"`)];
  const sender = open(folder, { command });
  for (const date of ['2026-11-30', '2026-12-07', '2026-12-14']) {
    await sender.put(`week of ${date}`, `Week of ${date}`, date);
    const isTried = new RegExp(`"sending":{[^}]*"date":"${date}"`);
    await until('it is tried', () =>
      isTried.test(readFileSync(join(folder, 'outbox.json'), 'utf8')),
    );
  }
  writeFileSync(mended, '');
  await until('mails have come', () => mailsIn(folder).length > 0);
  await sender.close();
  const subjects = mailsIn(folder).map((mail) => read(mail).headers['Subject']);
  expect(subjects).toEqual(['Week of 2026-12-14']);
});
