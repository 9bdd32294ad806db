/**
 * What the log may say of an error. Messages can quote what a client sent, so only SQLite's own
 * are kept; the stack comes without them.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(code?.startsWith('SQLITE_') === true ? { message: error.message } : {}),
    at: frames.map((line) => line.trim().slice('at '.length)),
  };
}
