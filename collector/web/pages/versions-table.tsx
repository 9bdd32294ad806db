import type { VNode } from 'preact';
import { Key } from '../charts/key.js';
import { ShareCell } from '../charts/share-cell.js';
import type { Slot } from '../charts/version-slots.js';
import { TableFoot } from '../frame/table-foot.js';
import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { usePage } from '../page/use-page.js';
import type { VersionRow, VersionsContent } from '../page/versions-content.js';

/** Versions without a wish for all. */
export const MOST_SHOWN = 20;

/** The same of those that were found. */
const MOST_FOUND = 100;

const ID = 'versions';

export const rowId = (version: string): string => `v-${version}`;

interface VersionsTableProps {
  readonly content: VersionsContent;
  readonly twin: Twin;
  readonly slotOf: (version: string) => Slot;
}

/** All versions, with what is known of each. */
export function VersionsTable({ content, twin, slotOf }: VersionsTableProps): VNode {
  const { texts, formats } = useLanguage();
  const { href } = usePage();
  const { windowDays, leftOut, total, isRough } = content.support;
  const { find, found, showsAll } = content;
  const rows = found ?? content.support.rows;
  const most = found === null ? MOST_SHOWN : MOST_FOUND;
  const shown = showsAll ? rows : rows.slice(0, most);
  const hidden = rows.length - shown.length + (found === null ? leftOut : 0);
  // Where people may have several versions, nobody knows how many have these.
  const others = isRough ? 0 : total - shown.reduce((sum, { people }) => sum + people, 0);
  const more = texts.versions.more(formats.number(hidden), hidden === 1);
  if (find !== null && rows.length === 0) {
    return <p class="quiet">{texts.versions.notFound(find)}</p>;
  }
  if (rows.length === 0) return <p class="quiet">{texts.versions.nobody}</p>;
  return (
    <div id={ID}>
      <div class="scroll" tabindex={0} role="region" aria-label={texts.versions.all}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.versions.version}</th>
              <th scope="col" class="r">
                {texts.versions.people(windowDays)}
              </th>
              <th scope="col" class="r">
                {texts.charts.share}
              </th>
              <th scope="col">
                <span class="vh">{texts.charts.bar}</span>
              </th>
              <th scope="col" class="wide">
                {texts.versions.firstSeen}
              </th>
              <th scope="col" class="r wide">
                {texts.versions.daysToHalf}
              </th>
              <th scope="col" class="r wide">
                {texts.versions.halfLife}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <VersionLine key={row.version} row={row} slot={slotOf(row.version)} />
            ))}
            {found === null && hidden > 0 && others > 0 && (
              <tr>
                <th scope="row">
                  <span class="vk">
                    <Key of={0} /> {texts.versions.other(formats.number(hidden))}
                  </span>
                </th>
                <td class="r">{formats.number(others)}</td>
                <td class="r">{formats.share(others / total)}</td>
                <td class="w">
                  <ShareCell share={others / total} slot={0} />
                </td>
                <td class="wide">–</td>
                <td class="r wide">–</td>
                <td class="r wide">–</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <TableFoot twin={twin}>
        {find !== null && <>{texts.versions.found(formats.number(rows.length), find)} </>}
        {hidden > 0 && (showsAll ? more : <a href={`${href({ all: ID })}#${ID}`}>{more}</a>)}
      </TableFoot>
    </div>
  );
}

function VersionLine({ row, slot }: { readonly row: VersionRow; readonly slot: Slot }): VNode {
  const { texts, formats } = useLanguage();
  const { version, people, share, firstDate, daysToHalf, halfLifeDays } = row;
  return (
    <tr id={rowId(version)}>
      <th scope="row" class="nowrap">
        <span class="vk">
          <Key of={slot} />{' '}
          <bdi class="name" title={version}>
            {version}
          </bdi>
        </span>{' '}
        {row.isEnded && <span class="tag">{texts.versions.ended}</span>}
      </th>
      <td class="r">{formats.number(people)}</td>
      <td class="r">{formats.share(share)}</td>
      <td class="w">
        <ShareCell share={share} slot={slot} />
      </td>
      <td class="wide nowrap">{firstDate === null ? '–' : formats.day(firstDate)}</td>
      <td class="r wide">{daysToHalf === null ? '–' : formats.number(daysToHalf)}</td>
      <td class="r wide">
        {halfLifeDays === null ? '–' : texts.versions.days(formats.number(halfLifeDays))}
      </td>
    </tr>
  );
}

export function versionsTwin(
  { support, found }: VersionsContent,
  { texts, formats }: Language,
): Twin {
  const figure = (value: number | null) => ({
    value,
    text: value === null ? '–' : formats.number(value),
  });
  return {
    id: ID,
    name: texts.versions.all,
    columns: [
      { key: 'version', name: texts.versions.version },
      { key: 'people', name: texts.versions.people(support.windowDays) },
      { key: 'share', name: texts.charts.share },
      { key: 'people_from_here', name: texts.versions.fromHere },
      { key: 'first_date', name: texts.versions.firstSeen },
      { key: 'days_to_half', name: texts.versions.daysToHalf },
      { key: 'half_life_days', name: texts.versions.halfLife },
      { key: 'support', name: texts.versions.supportState },
    ],
    rows: (found ?? support.rows).map((row) => [
      { value: row.version, text: row.version },
      figure(row.people),
      { value: row.share, text: formats.share(row.share) },
      figure(row.peopleFromHere),
      { value: row.firstDate, text: row.firstDate === null ? '–' : formats.day(row.firstDate) },
      figure(row.daysToHalf),
      figure(row.halfLifeDays),
      {
        value: row.isEnded ? 'ended' : 'supported',
        text: row.isEnded ? texts.versions.ended : texts.versions.supported,
      },
    ]),
  };
}
