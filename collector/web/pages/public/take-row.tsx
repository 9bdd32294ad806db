import type { VNode } from 'preact';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import type { PublicContent } from '../../page/public-content.js';
import { usePage } from '../../page/use-page.js';
import { Snippet } from './snippet.js';
import { projectInPath } from '../../page/project-in-path.js';

/** The badge, the charts and the days, for other pages. */
export function TakeRow({ content }: { readonly content: PublicContent }): VNode {
  const { texts, tag } = useLanguage();
  const { frame, pathTo } = usePage();
  const { publicPage: words } = texts;
  const { project, detail, hasBadge } = content;
  const [name, inPath] = [encodeURIComponent(project), projectInPath(project)];
  const lang = tag === 'en' ? '' : `&lang=${tag}`;
  const address = (path: string): string => frame.origin + pathTo(path);
  const badge = `/v1/badge.svg?project=${name}`;
  const chart = `/v1/charts/active.svg?project=${name}${lang}`;
  const csv = `/public/${inPath}/daily.csv`;
  const page = address(`/public/${inPath}`);
  return (
    <Row name={words.take} unit={words.takeUnit} id="take">
      <div>
        <div class="cols wide2">
          {hasBadge && (
            <div>
              <p class="give">
                <img src={pathTo(badge)} alt={words.badgeLabel} height="20" />
              </p>
              <Snippet
                id="badge-snippet"
                name={words.badge}
                text={`[![${words.badgeLabel}](${address(badge)})](${page})`}
              />
            </div>
          )}
          {detail !== null && (
            <div>
              <p class="give">
                <img src={pathTo(chart)} alt={words.chartAlt(project)} width="480" height="220" />
              </p>
              <Snippet
                id="chart-snippet"
                name={words.chart}
                text={`<a href="${page}"><img src="${address(chart).replaceAll('&', '&amp;')}" alt="${attribute(words.chartAlt(project))}" width="480" height="220"></a>`}
              />
            </div>
          )}
        </div>
        {detail !== null && (
          <p class="say">
            <a href={pathTo(csv)} download>
              {words.csv}
            </a>
            , {words.always} <code>{csv}</code>. {words.moreCharts}{' '}
            {(['versions', 'systems'] as const).map((one, i) => (
              <>
                {i > 0 && ', '}
                <a
                  href={pathTo(`/v1/charts/${one}.svg?project=${name}${lang}`)}
                  target="_blank"
                  rel="noreferrer"
                >
                  {texts.frame.pages[one]}
                </a>
              </>
            ))}
            .
          </p>
        )}
        {hasBadge && (
          <p class="say">
            {words.shields} <code>{`/v1/badge.json?project=${name}`}</code>
          </p>
        )}
      </div>
    </Row>
  );
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };

/** A text for an attribute of the HTML that people copy. */
const attribute = (text: string): string =>
  text.replace(/[&<"]/g, (character) => ESCAPES[character] ?? character);
