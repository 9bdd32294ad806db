import type { VNode } from 'preact';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { ProblemContent } from '../page/problem-content.js';
import { usePage } from '../page/use-page.js';

/** What stands in the place of a page that cannot be shown: what, and what to do next. */
export function ProblemPage({ content }: { readonly content: ProblemContent }): VNode {
  const { texts } = useLanguage();
  const { pathTo, signInHref } = usePage();
  const { problem } = texts;
  const isForMore = content.problem === 'token-required' || content.problem === 'wrong-level';
  return (
    <>
      <Title title={problem.title[content.problem]}>{problem.lead[content.problem]}</Title>
      <p class="acts2">
        {isForMore ? (
          <a class="btn go" href={signInHref}>
            {texts.frame.signIn}
          </a>
        ) : (
          <a class="btn" href={pathTo(content.back ?? '/')}>
            {content.back === null ? problem.back : problem.backToForm}
          </a>
        )}
      </p>
    </>
  );
}
