import process from 'node:process';
import { forgetContext } from '../../../platform/forget-context.js';

/** Runs a call so that nothing it starts belongs to an `AsyncLocalStorage` context of the app. */
export function outsideContexts<T>(call: () => T): T {
  const { AsyncResource } = process.getBuiltinModule('node:async_hooks');
  return forgetContext(new AsyncResource('HEADCOUNT')).runInAsyncScope(call);
}
