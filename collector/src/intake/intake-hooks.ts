import type { onErrorHookHandler } from 'fastify';
import type { Guards } from '../access/guards.js';

/** What runs beside the handlers of routes that take reports. */
export interface IntakeHooks {
  readonly onRequest: Guards;
  readonly onError: onErrorHookHandler;
}
