import type { VNode } from 'preact';
import { ChartFoot } from '../../charts/chart-foot.js';
import { useLanguage } from '../../language/language.js';
import type { QualityContent } from '../../page/quality-content.js';
import { usePage } from '../../page/use-page.js';
import { reasonsTwin } from '../quality-twins.js';

/** Why reports were refused, and what to do about each reason. */
export function ReasonsTable({ content }: { readonly content: QualityContent }): VNode {
  const language = useLanguage();
  const { href } = usePage();
  const { quality } = language.texts;
  const twin = reasonsTwin(content, language);
  const todoOf = (code = ''): string => quality.codes[code] ?? quality.otherCode;
  if (twin.rows.length === 0) return <p id={twin.id}>{quality.noReasons}</p>;
  return (
    <div id={twin.id}>
      <div class="scroll" tabindex={0} role="region" aria-label={quality.reasons}>
        <table>
          <thead>
            <tr>
              {twin.columns.map(({ key, name }, i) => (
                <th key={key} scope="col" class={i > 0 ? 'r' : undefined}>
                  {name}
                </th>
              ))}
              <th scope="col" class="wide">
                {quality.todo}
              </th>
            </tr>
          </thead>
          <tbody>
            {twin.rows.map(([code, reports, share]) => (
              <tr key={code?.text}>
                <th scope="row">
                  <code>{code?.text}</code>
                  <small class="narrow">{todoOf(code?.text)}</small>
                </th>
                <td class="r">{reports?.text}</td>
                <td class="r">{share?.text}</td>
                <td class="quiet small wide">{todoOf(code?.text)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ChartFoot twin={twin} csvHref={href({ csv: twin.id })} viewHref={`${href({})}#${twin.id}`} />
      <p class="small quiet">{quality.wholeRequests}</p>
    </div>
  );
}
