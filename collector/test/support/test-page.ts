import type { FastifyRequest } from 'fastify';
import type { Answer, PageSession } from '../../src/dashboard/page-session.js';
import type { TestCollector } from './start-collector.js';

/** What the page of {@link addTestPage} shows: its session's moment, and each answer. */
export interface ShownPage {
  readonly asOf: string;
  readonly answers: readonly Answer[];
}

/** The path of the page of {@link addTestPage}. */
const PAGE = '/test-page';

/** The URL of a page that asks these questions at once. */
export const pageOf = (...questions: readonly string[]): string =>
  `${PAGE}?${questions.map((one) => `ask=${encodeURIComponent(one)}`).join('&')}`;

/** Adds a page to a collector that does not listen yet: it shows the answers to its questions. */
export function addTestPage(
  { app, asker }: Pick<TestCollector, 'app' | 'asker'>,
  gather: (session: PageSession, questions: string[]) => Promise<readonly Answer[]> = (
    { ask },
    questions,
  ) => Promise.all(questions.map((url) => ask(...split(url)))),
): void {
  app.get(PAGE, async (request): Promise<ShownPage> => {
    const session = await asker.open(request);
    try {
      return { asOf: session.asOf, answers: await gather(session, questionsOf(request)) };
    } finally {
      session.close();
    }
  });
}

const questionsOf = ({ url }: FastifyRequest): string[] =>
  new URL(url, 'http://collector').searchParams.getAll('ask');

function split(url: string): [string, Record<string, string>] {
  const { pathname, searchParams } = new URL(url, 'http://collector');
  return [pathname, Object.fromEntries(searchParams)];
}
