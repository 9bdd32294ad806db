import type { VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';

/** Who is signed in, with the way out; or the way in. */
export function Account(): VNode {
  const { texts } = useLanguage();
  const { frame, pathTo, signInHref } = usePage();
  const { callerLevel: level, callerName, formKey } = frame;
  if (level === 'public') {
    return <a href={signInHref}>{texts.frame.signIn}</a>;
  }
  return (
    <span title={callerName ?? undefined}>
      {texts.frame.levels[level]}
      {formKey !== null && (
        <form class="inline" method="post" action={pathTo('/sign-out')}>
          {' · '}
          <input type="hidden" name="form_key" value={formKey} />
          <button class="link">{texts.frame.signOut}</button>
        </form>
      )}
    </span>
  );
}
