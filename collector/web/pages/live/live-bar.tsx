import type { VNode } from 'preact';
import { Icon } from '../../charts/icon.js';
import { useLanguage } from '../../language/language.js';
import { usePage } from '../../page/use-page.js';
import type { Live } from './use-live.js';

const WORSE: readonly Live['state'][] = ['again', 'too-many', 'busy', 'refused', 'ended'];

const STOPPED: readonly Live['state'][] = ['paused', 'too-many', 'busy', 'refused', 'ended'];

/** How the stream goes, with the way to pause it; without script, the way to look again. */
export function LiveBar({ live }: { readonly live: Live }): VNode {
  const { texts, formats } = useLanguage();
  const { frame, href } = usePage();
  const { state } = live;
  const { asOf, timezone } = frame;
  return (
    <div class="bar">
      {state === null ? (
        <a class="btn" href={href({})}>
          {texts.live.refresh}
        </a>
      ) : (
        <button
          class="btn"
          type="button"
          onClick={STOPPED.includes(state) ? live.goOn : live.pause}
        >
          {STOPPED.includes(state) ? texts.live.resume : texts.live.pause}
        </button>
      )}
      <span role="status" class={state !== null && WORSE.includes(state) ? 'unwell' : undefined}>
        {state !== null && (
          <>
            {WORSE.includes(state) ? <Icon name="warn" /> : <i class={`pulse ${state}`} />}
            {texts.live.states[state]}
          </>
        )}
      </span>
      {asOf !== null && timezone !== null && (
        <span class="quiet">
          <time dateTime={asOf}>{texts.range.asOf(formats.moment(asOf, timezone), timezone)}</time>
        </span>
      )}
    </div>
  );
}
