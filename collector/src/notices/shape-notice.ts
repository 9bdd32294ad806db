import type { WebhookFormat } from '../rules/webhook-format.js';
import { type DescribedEvent, describeEvent } from './describe-event.js';
import type { AlertsNotice, DigestNotice, Notice } from './notice.js';

/** How a chat shows texts. */
interface Chat {
  /** Characters of a message, of UTF-16, that it shows in one piece. */
  readonly maxCharacters: number;
  /** Keeps a text from being read as markup or as a mention of somebody. */
  readonly escape: (text: string) => string;
  readonly escapeCode: (text: string) => string;
  readonly bold: (escaped: string) => string;
  /** Shows an address as it is. */
  readonly link: (url: string) => string;
  readonly toBody: (text: string) => object;
}

/** Slack reads `&`, `<` and `>` as control characters, and splits texts of more than 4000. */
const SLACK: Chat = {
  maxCharacters: 4000,
  escape: escapeSlack,
  escapeCode: (text) => escapeSlack(text.replaceAll('```', "'''")),
  bold: (escaped) => `*${escaped}*`,
  link: (url) => `<${escapeSlack(url)}>`,
  toBody: (text) => ({ text, unfurl_links: false, unfurl_media: false }),
};

/** Discord refuses more than 2000 characters, and reads Markdown. */
const DISCORD: Chat = {
  maxCharacters: 2000,
  escape: (text) => text.replaceAll(/[\\*_~`|>#\-[\]()<@:]/g, String.raw`\$&`),
  escapeCode: (text) => text.replaceAll('```', "'''"),
  bold: (escaped) => `**${escaped}**`,
  link: (url) => `<${url}>`,
  toBody: (content) => ({ content, allowed_mentions: { parse: [] } }),
};

/** The body of a request to a webhook, in JSON. */
export function shapeNotice(notice: Notice, format: WebhookFormat): string {
  if (format === 'json') return JSON.stringify(notice);
  const chat = format === 'slack' ? SLACK : DISCORD;
  const text = notice.type === 'alerts' ? alertsText(notice, chat) : digestText(notice, chat);
  return JSON.stringify(chat.toBody(text));
}

/** What follows texts that are cut off. */
const CUT_OFF = '…';

/** Characters kept free for the last line. */
const LAST_LINE = 80;

function alertsText({ host, events }: AlertsNotice, chat: Chat): string {
  const head = chat.bold(chat.escape(`Headcount on ${cut(host, 100)}`));
  const room = chat.maxCharacters - LAST_LINE;
  let text = head;
  for (const [at, event] of events.entries()) {
    const block = eventText(describeEvent(event), chat, room - head.length - 1);
    if (text.length + 1 + block.length > room) {
      return `${text}\n${chat.escape(`And ${events.length - at} further; see GET /health.`)}`;
    }
    text += `\n${block}`;
  }
  return text;
}

/** @param most - How long it may get. */
function eventText({ title, lines, link }: DescribedEvent, chat: Chat, most: number): string {
  const address = link === '' ? [] : [chat.link(link)];
  const toText = (shown: readonly string[]): string =>
    [chat.bold(chat.escape(title)), ...shown.map(chat.escape), ...address].join('\n');
  const whole = toText(lines);
  if (whole.length <= most) return whole;
  // An escaped character takes up to five.
  const share = Math.floor((most - toText([]).length) / (5 * Math.max(1, lines.length))) - 2;
  return toText(lines.map((line) => cut(line, Math.max(1, share))));
}

function digestText({ subject, text }: DigestNotice, chat: Chat): string {
  const head = `${chat.bold(chat.escape(subject))}\n`;
  const [open, close] = ['```\n', '\n```'];
  const most = chat.maxCharacters - head.length - open.length - close.length - 2 * LAST_LINE;
  const lines = text.trim().split('\n').map(chat.escapeCode);
  let shown = '';
  for (const [at, line] of lines.entries()) {
    if (shown.length + 1 + line.length > most) {
      const left = `${lines.length - at} further lines: headcount-collector digest --print`;
      return `${head}${open}${shown}${close}\n${chat.escape(left)}`;
    }
    shown += at === 0 ? line : `\n${line}`;
  }
  return `${head}${open}${shown}${close}`;
}

/** Cuts a text between two characters. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = most - CUT_OFF.length;
  return `${text.slice(0, end).replace(/[\uD800-\uDBFF]$/, '')}${CUT_OFF}`;
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
