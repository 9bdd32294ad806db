import type { VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { SignInContent } from '../page/sign-in-content.js';
import { usePage } from '../page/use-page.js';

/** Where a token is exchanged for a session. */
export function SignInPage({ content }: { readonly content: SignInContent }): VNode {
  const { signIn } = useLanguage().texts;
  const { pathTo } = usePage();
  const failure = content.failure === 'wrong-token' ? signIn.wrongToken : signIn.tooMany;
  return (
    <>
      <Title title={signIn.title}>{signIn.lead}</Title>
      <Row name={signIn.token}>
        <div>
          {content.failure !== null && (
            <p class="note bad" role="alert" id="failure">
              <Icon name="bad" />
              {failure}
            </p>
          )}
          <form class="form" method="post" action={pathTo('/sign-in')} data-plain="">
            <input type="hidden" name="next" value={content.next} />
            <label>
              {signIn.token}
              <input
                class="mono"
                type="password"
                name="token"
                required
                autocomplete="off"
                spellcheck={false}
                aria-describedby={content.failure === null ? undefined : 'failure'}
              />
            </label>
            <button class="btn go">{signIn.act}</button>
          </form>
          <p class="say">
            {signIn.where} <code>headcount-collector token create</code>
          </p>
        </div>
      </Row>
    </>
  );
}
