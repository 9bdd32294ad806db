import type { Reason } from './day-reason.js';

/** Something that has changed, and is worth a sentence. */
export type Change =
  | {
      readonly kind: 'half';
      readonly version: string;
      readonly days: number;
      readonly previous: { readonly version: string; readonly days: number } | null;
    }
  | {
      readonly kind: 'day';
      /** How the 7 days changed. */
      readonly weekChange: number;
      /** The remarkable day that is in them, or in the 7 before. */
      readonly date: string;
      readonly isInWeek: boolean;
      readonly people: number;
      readonly expected: number;
    }
  | {
      readonly kind: 'week';
      /** How the week that ends with the day differs from those before. */
      readonly flag: 'slow_fall' | 'slow_rise' | 'shift';
      readonly date: string;
      readonly reasons: readonly Reason[];
    }
  | { readonly kind: 'unusual'; readonly date: string }
  | {
      readonly kind: 'stopped';
      readonly of: 'event' | 'field';
      readonly name: string;
      readonly lastDate: string | null;
    }
  | {
      readonly kind: 'used';
      readonly event: string;
      readonly share: number;
      readonly before: number;
    }
  | {
      readonly kind: 'passed' | 'dropped';
      readonly dimension: 'os' | 'runtime_version';
      readonly value: string;
      /** The share that was passed. */
      readonly limit: number;
      readonly share: number;
      readonly before: number;
    };
