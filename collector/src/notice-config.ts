import type { WebhookFormat } from './rules/webhook-format.js';
import type { Weekday } from './rules/weekday.js';

/** Options about the messages that the collector sends. */
export interface NoticeConfig {
  /**
   * The webhooks that are told when a condition begins and ends. A URL is a secret.
   *
   * @default []
   */
  readonly alertWebhook: readonly string[];
  /**
   * Their formats: one for all, or one for each.
   *
   * @default ['json']
   */
  readonly alertWebhookFormat: readonly WebhookFormat[];
  /**
   * The webhooks that get the digest of the week. A URL is a secret.
   *
   * @default []
   */
  readonly digestWebhook: readonly string[];
  /**
   * Their formats: one for all, or one for each.
   *
   * @default ['json']
   */
  readonly digestWebhookFormat: readonly WebhookFormat[];
  /**
   * A program and its arguments, which takes the digest as a mail on its standard input.
   *
   * @default undefined
   */
  readonly digestCommand: readonly string[] | undefined;
  /**
   * The addresses that this mail goes to.
   *
   * @default []
   */
  readonly digestTo: readonly string[];
  /**
   * The address that this mail comes from; without it, `headcount@` and the name of the machine.
   *
   * @default undefined
   */
  readonly digestFrom: string | undefined;
  /**
   * The weekday of the digest, in the collector's time zone.
   *
   * @default 'monday'
   */
  readonly digestDay: Weekday;
  /**
   * The hour from which on it is made, from 0 to 23.
   *
   * @default 8
   */
  readonly digestHour: number;
}
