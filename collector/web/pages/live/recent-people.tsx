import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { RecentPerson } from '../../page/live-content.js';
import { usePage } from '../../page/use-page.js';
import { systemName } from '../value-rows.js';

interface RecentPeopleProps {
  readonly recent: readonly RecentPerson[];
  readonly groupsOf: number | null;
}

const DAY_MS = 86_400_000;

/** A value that is no system and no version: that of a group without one in common. */
const OTHER = 'other';

/** The people seen last, under masks. */
export function RecentPeople({ recent, groupsOf }: RecentPeopleProps): VNode {
  const { texts, formats } = useLanguage();
  const { frame } = usePage();
  const { live } = texts;
  if (recent.length === 0) return <p>{live.nobody}</p>;
  const timezone = frame.timezone ?? 'UTC';
  const asOf = frame.asOf ?? frame.madeAt;
  const isToday = (moment: string): boolean =>
    Date.parse(asOf) - Date.parse(moment) < DAY_MS &&
    formats.dayIn(moment, timezone) === formats.dayIn(asOf, timezone);
  const momentText = (moment: string): string => {
    if (groupsOf !== null) return live.dayOrLater(formats.day(moment));
    return isToday(moment) ? formats.time(moment, timezone) : formats.dayAndTime(moment, timezone);
  };
  const valueText = (value: string): string =>
    groupsOf !== null && value === OTHER ? live.other : value;
  return (
    <div>
      <div class="scroll" tabindex={0} role="region" aria-label={live.recent}>
        <table>
          <thead>
            <tr>
              <th scope="col">{live.mask}</th>
              <th scope="col">{live.lastSeen}</th>
              <th scope="col" class="wide">
                {live.firstSeen}
              </th>
              <th scope="col">{live.os}</th>
              <th scope="col">{live.version}</th>
              <th scope="col" class="r">
                {live.reports}
              </th>
            </tr>
          </thead>
          <tbody>
            {recent.map((person) => (
              <tr key={person.mask}>
                <th scope="row">
                  <code>{person.mask}</code>
                </th>
                <td class="nowrap">
                  <time dateTime={person.lastSeen}>{momentText(person.lastSeen)}</time>
                </td>
                <td class="wide nowrap">
                  <time dateTime={person.firstSeen}>{momentText(person.firstSeen)}</time>
                </td>
                <td>
                  <bdi>{valueText(systemName(person.os))}</bdi>
                </td>
                <td>
                  <bdi>{valueText(person.version)}</bdi>
                </td>
                <td class="r">
                  {groupsOf === null
                    ? formats.number(person.reports)
                    : live.atLeast(formats.number(person.reports))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="small quiet">
        {live.masked} {groupsOf !== null && live.grouped(formats.number(groupsOf))}
      </p>
    </div>
  );
}
