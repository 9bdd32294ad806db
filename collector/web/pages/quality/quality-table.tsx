import type { VNode } from 'preact';
import { ChartFoot } from '../../charts/chart-foot.js';
import { ShareCell } from '../../charts/share-cell.js';
import { useLanguage } from '../../language/language.js';
import {
  QUALITY_KINDS,
  type QualityContent,
  type QualityKind,
} from '../../page/quality-content.js';
import { usePage } from '../../page/use-page.js';
import { kindsTwin, receivedOf, refusedOf } from '../quality-twins.js';

/** Shown also where there are none, so that nobody wonders. */
const ALWAYS: readonly QualityKind[] = ['accepted', 'duplicates', 'late', 'clock_corrected'];

/** What became of the reports: a row for each kind that there was, in plain words. */
export function QualityTable({ content }: { readonly content: QualityContent }): VNode {
  const language = useLanguage();
  const { href } = usePage();
  const { texts, formats } = language;
  const { quality } = texts;
  const { kinds } = content.totals;
  const received = receivedOf(content.totals);
  const twin = kindsTwin(content, language);
  const refused = refusedOf(content.totals);
  const rows = [
    ...QUALITY_KINDS.filter((kind) => ALWAYS.includes(kind) || kinds[kind] > 0).map((kind) => ({
      key: kind,
      ...quality.kinds[kind],
      reports: kinds[kind],
      isOfReceived: !kind.startsWith('lost') && kind !== 'unknown_losses',
    })),
    {
      key: 'rejected',
      name: quality.refused,
      meaning: quality.refusedMeaning,
      reports: refused,
      isOfReceived: true,
    },
  ];
  return (
    <div id={twin.id}>
      <div class="scroll" tabindex={0} role="region" aria-label={quality.reports}>
        <table>
          <thead>
            <tr>
              <th scope="col">{quality.what}</th>
              <th scope="col" class="r">
                {quality.number}
              </th>
              <th scope="col" class="r">
                {quality.share}
              </th>
              <td class="wide" />
              <th scope="col" class="wide">
                {quality.meaning}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, meaning, reports, isOfReceived }) => (
              <tr key={key}>
                <th scope="row">
                  {name}
                  <small class="narrow">{meaning}</small>
                </th>
                <td class="r">{formats.number(reports)}</td>
                <td class="r">
                  {isOfReceived && received > 0 && formats.share(reports / received)}
                </td>
                <td class="short wide">
                  {isOfReceived && received > 0 && <ShareCell share={reports / received} />}
                </td>
                <td class="quiet small wide">{meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ChartFoot twin={twin} csvHref={href({ csv: twin.id })} viewHref={`${href({})}#${twin.id}`} />
      <p class="small quiet">{quality.utc}</p>
    </div>
  );
}
