import type { VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import type { PublicContent } from '../page/public-content.js';
import { ActiveRow } from './public/active-row.js';
import { CollectRow } from './public/collect-row.js';
import { TakeRow } from './public/take-row.js';
import { UsedWithRow } from './public/used-with-row.js';

/** What everybody sees of a project. */
export function PublicPage({ content }: { readonly content: PublicContent }): VNode {
  const { detail } = content;
  return (
    <>
      <Headline content={content} />
      {detail !== null && <ActiveRow content={content} />}
      {detail !== null && <UsedWithRow content={content} detail={detail} />}
      {(detail !== null || content.hasBadge) && <TakeRow content={content} />}
      <CollectRow content={content} />
    </>
  );
}

/** The one figure, what it is of, and what the page leaves out. */
function Headline({ content }: { readonly content: PublicContent }): VNode {
  const { texts, formats } = useLanguage();
  const { publicPage: words } = texts;
  const { headline, project, coverage, leastShown } = content;
  return (
    <section class="head first">
      <div>
        <h1 class="big">
          {headline !== null && (
            <b>
              {headline.people === null
                ? texts.charts.fewerThan(leastShown)
                : formats.number(headline.people)}
            </b>
          )}
          <span>
            <bdi>{headline === null ? project : words.used(project)}</bdi>
            <small>
              {headline === null ? words.notYet : words.until(formats.longDay(headline.date))}
            </small>
          </span>
        </h1>
        <p class="say">
          {words.person} {coverage !== null && <bdi>{coverage}</bdi>}
        </p>
      </div>
      <div class="say pub">
        <p>
          <b>{words.leavesOut}</b> {words.leavesOutWhat(formats.number(leastShown))}
        </p>
      </div>
    </section>
  );
}
