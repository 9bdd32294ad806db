/** Another node has changed what a change began with. */
export class ChangedMeanwhileError extends Error {
  override readonly name = 'ChangedMeanwhileError';
}

/** How often a change begins anew. Each time another one has succeeded. */
const MAX_TRIES = 20;

/** Does work that reads something and changes it, anew where another node has changed it meanwhile. */
export async function untilUnchanged<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ChangedMeanwhileError) || tries === MAX_TRIES) throw error;
    }
  }
}
