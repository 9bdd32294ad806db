/** The shapes of a webhook's body. */
export const WEBHOOK_FORMATS = ['json', 'slack', 'discord'] as const;

/** One of {@link WEBHOOK_FORMATS}. */
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];
