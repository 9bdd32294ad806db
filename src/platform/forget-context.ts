/**
 * Takes from a timer or an `AsyncResource` what the app's `AsyncLocalStorage` had when it was made.
 * Otherwise one request of the app, with all that belongs to it, lives as long as our timer.
 */
export function forgetContext<T extends object>(resource: T): T {
  // The cast: Node keeps the contexts in symbols, and our own values there are no objects.
  const kept = resource as Record<symbol, unknown>;
  for (const key of Object.getOwnPropertySymbols(resource)) {
    if (typeof kept[key] === 'object') delete kept[key];
  }
  return resource;
}
