import type { Language } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { shareCell } from './count.js';

/** What the support of a version and all newer ones covers. */
export interface SupportStep {
  readonly version: string;
  /** The share of people on it or a newer one. */
  readonly share: number;
  readonly people: number;
  readonly leftBehind: number;
}

/** @param steps - Newest first. */
export function supportTwin(steps: readonly SupportStep[], name: string, language: Language): Twin {
  const { texts, formats } = language;
  return {
    id: 'support',
    name,
    columns: [
      { key: 'version', name: texts.charts.oldestSupported },
      { key: 'share', name: texts.charts.share },
      { key: 'people', name: texts.charts.people },
      { key: 'left_behind', name: texts.charts.leftBehind },
    ],
    rows: steps.map(({ version, share, people, leftBehind }) => [
      { value: version, text: version },
      shareCell(share, language),
      { value: people, text: formats.number(people) },
      { value: leftBehind, text: formats.number(leftBehind) },
    ]),
  };
}
