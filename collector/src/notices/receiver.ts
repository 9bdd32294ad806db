import { createHash } from 'node:crypto';
import type { WebhookFormat } from '../rules/webhook-format.js';

/** Where messages are posted. The URL is a secret. */
export interface Webhook {
  readonly url: string;
  readonly format: WebhookFormat;
}

/** A command that takes a mail on its standard input, and the mail's addresses. */
export interface MailCommand {
  /** The program and its arguments. No shell reads them. */
  readonly command: readonly string[];
  readonly to: readonly string[];
  readonly from: string;
}

/** Where messages go. */
export type Receiver = {
  /** Names it in the outbox: it tells nothing of a secret. */
  readonly key: string;
  /** Names it in the log and in `/health`, apart from all others and without a secret. */
  readonly name: string;
  readonly takesAlerts: boolean;
  readonly takesDigest: boolean;
} & ({ readonly webhook: Webhook } | { readonly mail: MailCommand });

/** Whom the operator has named. */
export interface NamedReceivers {
  readonly alertWebhooks: readonly Webhook[];
  readonly digestWebhooks: readonly Webhook[];
  readonly mail: MailCommand | undefined;
}

/** The receivers, each once, also one that takes both alerts and the digest. */
export function listReceivers(named: NamedReceivers): readonly Receiver[] {
  const receivers = new Map<string, Receiver>();
  for (const webhook of [...named.alertWebhooks, ...named.digestWebhooks]) {
    const key = keyOf('webhook', webhook.format, webhook.url);
    // One that takes alerts and the digest keeps its first number.
    if (receivers.has(key)) continue;
    const isSame = ({ url, format }: Webhook): boolean =>
      url === webhook.url && format === webhook.format;
    receivers.set(key, {
      ...{ key, webhook },
      name: nameOf(webhook, receivers.size + 1),
      takesAlerts: named.alertWebhooks.some(isSame),
      takesDigest: named.digestWebhooks.some(isSame),
    });
  }
  const { mail } = named;
  if (mail === undefined) return [...receivers.values()];
  const key = keyOf('mail', ...mail.command, ...mail.to);
  const name = mail.command[0] ?? '';
  return [...receivers.values(), { key, mail, name, takesAlerts: false, takesDigest: true }];
}

/** The path and the name of a user in the URL are secrets. */
const nameOf = ({ url, format }: Webhook, number: number): string =>
  `webhook ${number} (${format}, ${new URL(url).host})`;

const keyOf = (kind: string, ...parts: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${kind}-${hash.slice(0, 16)}`;
};
