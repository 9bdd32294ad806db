import type { VNode } from 'preact';
import { Tally } from '../../charts/tally.js';
import { useLanguage } from '../../language/language.js';
import type { Change } from '../../page/overview-changes.js';
import { ChangeText } from './change-text.js';

/** What has changed: at most five sentences, counted by a tally. */
export function ChangesSection({ changes }: { readonly changes: readonly Change[] }): VNode {
  const { overview } = useLanguage().texts;
  if (changes.length === 0) return <p class="say">{overview.noChanges}</p>;
  return (
    <ol class="tally">
      {changes.map((change, at) => (
        <li key={at}>
          <Tally count={at + 1} />
          <span>
            <ChangeText change={change} />
          </span>
        </li>
      ))}
    </ol>
  );
}
