import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import { MOST_LINES } from './follow.js';
import type { Following } from './use-follow.js';

/** The buttons that follow the log, and how that goes. Nothing without script. */
export function FollowControls({ following }: { readonly following: Following }): VNode | null {
  const { texts, formats } = useLanguage();
  const { system, live } = texts;
  const { canFollow, state, followed } = following;
  if (!canFollow) return null;
  const { came, isPaused, waiting, leftOut } = followed;
  return (
    <>
      <button class="btn" type="button" aria-pressed={state !== null} onClick={following.toggle}>
        {state === null ? system.follow : system.stop}
      </button>
      {state !== null && (
        <>
          <button class="btn" type="button" onClick={following.pause}>
            {isPaused ? live.resume : live.pause}
          </button>
          <span role="status">
            {state !== 'open' && `${live.states[state]} `}
            {state === 'open' &&
              (isPaused
                ? system.followPaused(formats.number(waiting.length))
                : system.following(formats.number(came)))}
            {came > MOST_LINES && ` ${system.followKept(formats.number(MOST_LINES))}`}
            {leftOut > 0 && ` ${system.leftOut(formats.number(leftOut))}`}
          </span>
        </>
      )}
    </>
  );
}
