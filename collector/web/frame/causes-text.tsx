import type { VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import type { Cause } from '../page/cause.js';

/** Says what is wrong. What another program has said is quoted, in its own words. */
export function CausesText({ causes }: { readonly causes: readonly Cause[] }): VNode {
  const { frame } = useLanguage().texts;
  return (
    <>
      {causes.map(({ text, values }) => (
        <>
          {text}{' '}
          {values['error'] != null && (
            <>
              {frame.said} <span lang="en">{values['error']}</span>{' '}
            </>
          )}
        </>
      ))}
    </>
  );
}
