import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { Change } from '../../page/overview-changes.js';
import { ownName } from '../value-rows.js';
import { Reasons } from './reasons.js';

/** The sentence of a change. */
export function ChangeText({ change }: { readonly change: Change }): VNode {
  const { texts, formats } = useLanguage();
  const { change: words } = texts.overview;
  const number = (value: number): string => formats.number(Math.round(value));
  switch (change.kind) {
    case 'half': {
      const { version, days, previous } = change;
      return (
        <>
          <Name>{version}</Name>
          {words.half(number(days))}
          {previous !== null && words.halfBefore(previous.version, number(previous.days))}
          {texts.overview.stop}
        </>
      );
    }
    case 'day': {
      const { weekChange, date, people, expected, isInWeek } = change;
      const tell = isInWeek ? words.inWeek : words.beforeWeek;
      return (
        <>
          <b>{words.week(formats.change(weekChange))}</b>
          {tell(formats.weekday(date), number(people), number(expected))}
        </>
      );
    }
    case 'week':
      return (
        <>
          <b>{words[change.flag](formats.weekday(change.date))}</b>{' '}
          <Reasons reasons={change.reasons} isMore={change.flag === 'slow_rise'} />
        </>
      );
    case 'unusual':
      return <>{words.unusual(formats.weekday(change.date))}</>;
    case 'stopped':
      return (
        <>
          {words.stopped(change.of)}
          <Name>{change.name}</Name>
          {change.lastDate === null
            ? words.stoppedNow
            : words.stoppedSince(formats.weekday(change.lastDate))}
        </>
      );
    case 'used':
      return (
        <>
          <Name>{change.event}</Name>
          {words.used(formats.share(change.share), formats.share(change.before))}
        </>
      );
    case 'passed':
    case 'dropped':
      return (
        <>
          {change.dimension === 'runtime_version' &&
            `${texts.overview.dimensions['runtime_version'] ?? ''} `}
          <Name>{ownName(change.dimension, change.value)}</Name>
          {words[change.kind](formats.percent(change.limit), formats.share(change.share))}
        </>
      );
  }
}

const Name = ({ children }: { readonly children: string }): VNode => (
  <b>
    <bdi>{children}</bdi>
  </b>
);
