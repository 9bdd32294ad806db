import type { Cause } from '../page/cause.js';
import type { Content } from '../page/content.js';
import type { Page } from '../page/page.js';
import { causeText } from './cause-text.js';
import { languageOf } from './language.js';

/** Words what is wrong with parts of the collector, in the page's language. */
export function wordCauses({ frame, content }: Page): Page {
  const language = languageOf(frame.language);
  const word = (causes: readonly Cause[]): readonly Cause[] =>
    causes.map((cause) => ({ ...cause, text: causeText(cause, language, frame.clock) }));
  return { frame, content: wordContent(content, word) };
}

function wordContent(
  content: Content,
  word: (causes: readonly Cause[]) => readonly Cause[],
): Content {
  if (content.page === 'system') {
    const parts = content.health.parts.map((part) => ({ ...part, causes: word(part.causes) }));
    return { ...content, health: { ...content.health, parts } };
  }
  if (content.page !== 'overview') return content;
  const { status } = content;
  const { worst } = status;
  if (worst?.kind !== 'condition') return content;
  return { ...content, status: { ...status, worst: { ...worst, causes: word(worst.causes) } } };
}
