import type { VNode } from 'preact';
import { FlagKey } from '../../charts/key.js';
import { useLanguage } from '../../language/language.js';
import type { ActiveDays, DayNote, FlaggedDay } from '../../page/overview-content.js';
import { usePage } from '../../page/use-page.js';
import { Reasons } from './reasons.js';
import { useHrefOfDay } from './use-href-of-day.js';
import { projectInPath } from '../../page/project-in-path.js';

/** The flagged days of the chart, by their numbers, and what was noted about days. */
export function DayNotes({ active }: { readonly active: ActiveDays }): VNode | null {
  const flagged = active.flagged.filter((one) => active.days.some(({ date }) => date === one.date));
  if (flagged.length + active.notes.length === 0) return null;
  // What was noted about a flagged day alone stands there, and not once more.
  const flagOf = ({ date, to }: DayNote): FlaggedDay | undefined =>
    date === to ? flagged.find((one) => one.date === date) : undefined;
  return (
    <ul class="notes">
      {flagged.map((one, at) => (
        <li key={one.date}>
          <FlagKey number={at + 1} />
          <div>
            <Flagged flagged={one} />
            {active.notes.map(
              (note) =>
                flagOf(note) === one && (
                  <div>
                    <bdi>{note.text}</bdi>
                  </div>
                ),
            )}
          </div>
        </li>
      ))}
      {active.notes.map(
        (note) =>
          !flagOf(note) && (
            <li key={`${note.date} ${note.text}`}>
              <span aria-hidden="true">·</span>
              <Noted note={note} />
            </li>
          ),
      )}
    </ul>
  );
}

function Flagged({ flagged }: { readonly flagged: FlaggedDay }): VNode {
  const { texts, formats } = useLanguage();
  const { frame, pathTo } = usePage();
  const hrefOfDay = useHrefOfDay();
  const { overview: words } = texts;
  const { date, people, expected, reasons } = flagged;
  const isCounting = reasons.some(({ kind }) => kind === 'counting_problem');
  const count = formats.number(people);
  const quality = `/p/${projectInPath(frame.project ?? '')}/quality?${new URLSearchParams({
    ...{ range: 'custom', from: date, to: date },
  }).toString()}`;
  return (
    <span>
      <b>{formats.weekday(date)}</b>
      {words.colon}
      {expected === null
        ? words.dayFigures(count)
        : words.dayExpected(count, formats.number(Math.round(expected)))}
      {words.stop}
      <Reasons reasons={reasons} isMore={expected !== null && people > expected} />
      {isCounting && frame.pages.includes('quality') ? (
        <a href={pathTo(quality)}>{words.refusals}</a>
      ) : (
        <a href={hrefOfDay(date)}>{words.whatChanged}</a>
      )}
    </span>
  );
}

/** A note of the administrator about some days. */
export function Noted({ note }: { readonly note: DayNote }): VNode {
  const { texts, formats } = useLanguage();
  const { overview: words } = texts;
  const { date, to, kind, text } = note;
  const days =
    date === to ? formats.weekday(date) : words.span(formats.weekday(date), formats.weekday(to));
  return (
    <span>
      <b>{days}</b>
      {words.colon}
      {kind === 'incident' && (
        <>
          {words.incident}
          {words.colon}
        </>
      )}
      <bdi>{text}</bdi>
    </span>
  );
}
