import type { Choice } from './decide.js';
import { NOTICE_KEY } from './notice.js';

/** What was shown to the user. */
export interface Notices {
  /** Whether the user was not told yet of the events that are declared now. */
  isDue(choice: Choice | undefined): boolean;
  /** From now on the user knows. */
  shown(): void;
}

/** Where that is kept: files that are read at once. */
export interface NoticeValues {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** See {@link Notices}. A disk that takes nothing makes the notice due again in the next run. */
export function createNotices(values: NoticeValues, events: string): Notices {
  let isKnown = false;
  return {
    isDue(choice) {
      isKnown ||= choice?.events === events || read(values) === events;
      return !isKnown;
    },
    shown() {
      isKnown = true;
      try {
        void values.set(NOTICE_KEY, events);
      } catch {
        return;
      }
    },
  };
}

function read(values: NoticeValues): unknown {
  try {
    return values.get(NOTICE_KEY);
  } catch {
    return undefined; // unreadable: told once more rather than never
  }
}
