import type { Tool } from '../support/start-tool.js';
import { ask, type Question } from './ask.js';

/** Waits until a proxy passes requests on. */
export const waitForProxy = (
  { tool, port }: { readonly tool: Tool; readonly port: number },
  { ca, path }: Pick<Question, 'ca' | 'path'>,
): Promise<void> =>
  tool.until('it passes requests on', () =>
    ask({ port, ca, path }).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
