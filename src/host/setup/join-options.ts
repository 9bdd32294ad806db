import type { Mode } from '../../consent/decide.js';
import type { ResolvedOptions } from '../../options.js';

/** The options of an instance. A later `createHeadcount()` call can make them stricter. */
export type JoinedOptions = {
  -readonly [Option in keyof ResolvedOptions]: ResolvedOptions[Option];
};

/** From the loosest to the strictest. */
const MODES: readonly Mode[] = ['on', 'local', 'opt-in', 'off'];
/** These are joined, or say which project it is. */
const NOT_IGNORED = ['mode', 'disabled', 'notice', 'project', 'packageJson'];

/** The result of {@link joinOptions}. */
export interface Join {
  /** Whether the options allow less than before. */
  readonly isStricter: boolean;
  /** The later options that differ and are not used. */
  readonly ignored: readonly string[];
}

/**
 * Joins the options of two `createHeadcount()` calls for one project: the stricter of `mode`,
 * `disabled` and `notice` holds. All other options stay as the first call has given them.
 *
 * @param later - may come from a copy of another version: an unknown mode is the strictest
 */
export function joinOptions(first: JoinedOptions, later: ResolvedOptions): Join {
  const before = [first.mode, first.disabled, first.notice].join();
  if (strictness(later.mode) > strictness(first.mode)) {
    first.mode = MODES.includes(later.mode) ? later.mode : 'off';
  }
  first.disabled ||= later.disabled;
  if (later.notice !== 'none') first.notice = 'before-send';
  const ignored = Object.keys(later).filter(
    (name) => !NOT_IGNORED.includes(name) && textOf(later, name) !== textOf(first, name),
  );
  return { isStricter: before !== [first.mode, first.disabled, first.notice].join(), ignored };
}

function strictness(mode: Mode): number {
  const at = MODES.indexOf(mode);
  return at < 0 ? MODES.length : at;
}

const textOf = (options: ResolvedOptions, name: string): string | undefined =>
  JSON.stringify(Object.entries(options).find(([own]) => own === name)?.[1]);
