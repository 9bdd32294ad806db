import type { VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { useLanguage } from '../language/language.js';

interface UnreachableProps {
  /** When what is shown was made, in ISO 8601. */
  readonly madeAt: string;
  readonly onRetry: () => void;
}

/** Says that the collector does not answer, since when the page is old, and what to do. */
export function Unreachable({ madeAt, onRetry }: UnreachableProps): VNode {
  const { texts, formats } = useLanguage();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <div class="wrap">
      <p class="status bad" role="alert">
        <strong>
          <Icon name="bad" />
          {texts.frame.unreachable}
        </strong>
        <span>{texts.frame.unreachableSince(formats.moment(madeAt, timeZone))}</span>
        <button class="btn" type="button" onClick={onRetry}>
          {texts.frame.retry}
        </button>
      </p>
    </div>
  );
}
