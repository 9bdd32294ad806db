/** A client that is not installed by default is missing. */
export class MissingClientError extends Error {
  override readonly name = 'MissingClientError';
}

/**
 * Loads code that needs a client which is not installed by default.
 *
 * @param client - The name of its package.
 * @param hint - How to get it.
 * @throws {@link MissingClientError}
 */
export async function loadWithClient<Code>(
  load: () => Promise<Code>,
  client: string,
  hint: string,
): Promise<Code> {
  try {
    return await load();
  } catch (cause) {
    const isMissing =
      cause instanceof Error &&
      'code' in cause &&
      cause.code === 'ERR_MODULE_NOT_FOUND' &&
      cause.message.includes(`'${client}'`);
    throw isMissing ? new MissingClientError(hint, { cause }) : cause;
  }
}
