import type { Content } from '../../web/page/content.js';
import type { View } from '../../web/page/view.js';
import type { Level } from '../access/level.js';
import type { Ask, Refusal } from './ask-as-caller.js';

/** What a page is gathered from. */
export interface Asked {
  readonly project: string;
  readonly view: View;
  /** The parameters of the page's URL. */
  readonly query: Readonly<Record<string, string>>;
  /** The caller's level for the project. */
  readonly level: Level;
  readonly timezone: string;
  /** The moment of all answers, in ISO 8601. */
  readonly asOf: string;
  /** The collector's clock, in ISO 8601. */
  readonly now: string;
  /** The k of the collector: groups of fewer people are not public. */
  readonly k: number;
  readonly ask: Ask;
  /**
   * Asks about the project what the page cannot do without.
   *
   * @typeParam Body - The type of the route's schema.
   * @throws {@link RefusedError}, which becomes the page.
   */
  readonly need: <Body>(
    path: string,
    query?: Readonly<Record<string, string | undefined>>,
  ) => Promise<Body>;
  /** Asks about the project what the page leaves out if the caller may not know it. */
  readonly want: <Body>(
    path: string,
    query?: Readonly<Record<string, string | undefined>>,
  ) => Promise<Body | undefined>;
}

/** Asks the collector's API for all that a page shows. */
export type Gather = (asked: Asked) => Promise<Content>;

/** A question was refused that a page cannot do without. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly refusal: Refusal) {
    super(`${refusal.status} ${refusal.code}: ${refusal.detail}`);
  }
}

/** Problems of callers whose level does not see something. */
export const HIDDEN: readonly string[] = ['token_required', 'wrong_level'];

/** The questions of a page about its project. */
export function askAbout(project: string, ask: Ask): Pick<Asked, 'need' | 'want'> {
  return {
    need: async <Body>(path: string, query = {}) => {
      const answer = await ask(path, { project, ...query });
      if (!answer.ok) throw new RefusedError(answer);
      // The route's schema says so, and its answers are of this process.
      return answer.body as Body;
    },
    want: async <Body>(path: string, query = {}) => {
      const answer = await ask(path, { project, ...query });
      if (answer.ok) return answer.body as Body;
      if (HIDDEN.includes(answer.code)) return undefined;
      throw new RefusedError(answer);
    },
  };
}
