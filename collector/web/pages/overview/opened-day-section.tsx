import type { VNode } from 'preact';
import { Icon } from '../../charts/icon.js';
import { Failed } from '../../frame/part-row.js';
import { Row } from '../../frame/row.js';
import { type Language, useLanguage } from '../../language/language.js';
import type { DayTable, OpenedDay } from '../../page/overview-content.js';
import type { Part } from '../../page/part.js';
import { usePage } from '../../page/use-page.js';
import { ownName } from '../value-rows.js';
import { Noted } from './day-notes.js';
import { Reasons } from './reasons.js';

/** What changed on the day that was clicked. */
export function OpenedDaySection({ opened }: { readonly opened: Part<OpenedDay> }): VNode | null {
  const { opened: words } = useLanguage().texts.overview;
  const { href } = usePage();
  if (opened.state === 'hidden') return null;
  return (
    <Row name={words.title} id="day" more={<a href={href({ day: undefined })}>{words.close}</a>}>
      {opened.state === 'shown' ? <Opened day={opened.value} /> : <Failed part={opened} />}
    </Row>
  );
}

function Opened({ day }: { readonly day: OpenedDay }): VNode {
  const { texts, formats } = useLanguage();
  const { opened: words } = texts.overview;
  return (
    <div class="day">
      <DayHead day={day} />
      {day.releases.length > 0 && <p>{words.released(formats.list(day.releases))}</p>}
      {day.notes.map((note) => (
        <p key={note.text}>
          <Noted note={note} />
        </p>
      ))}
      <Checks checks={day.checks} />
      {day.tables.length > 0 && (
        <>
          <div class="cols three">
            {day.tables.map((table) => (
              <ChangesTable key={table.dimension} table={table} before={day.before} />
            ))}
          </div>
          <p class="small quiet">{words.compared(formats.weekday(day.before))}</p>
        </>
      )}
    </div>
  );
}

function DayHead({ day }: { readonly day: OpenedDay }): VNode {
  const { texts, formats } = useLanguage();
  const { overview: words } = texts;
  const { date, people, expected, reasons, isOver } = day;
  const more = expected === null ? 0 : people - Math.round(expected);
  const count = formats.number(people);
  const difference = formats.number(Math.abs(more));
  return (
    <p class="dayhead">
      <b>{formats.weekday(date)}</b>
      {words.colon}
      {expected === null || !isOver
        ? words.dayFigures(count)
        : words.dayExpected(count, formats.number(Math.round(expected)))}
      {isOver && expected !== null && (
        <>
          {words.comma}
          {more === 0 ? (
            words.opened.asExpected
          ) : (
            <b>{more > 0 ? words.opened.more(difference) : words.opened.fewer(difference)}</b>
          )}
        </>
      )}
      {words.stop}
      {!isOver && words.opened.notOver}
      <Reasons reasons={reasons} isMore={more > 0} />
    </p>
  );
}

function Checks({ checks }: Pick<OpenedDay, 'checks'>): VNode | null {
  const { texts, formats } = useLanguage();
  const { opened: words } = texts.overview;
  if (checks === null) return null;
  const { refusedShare, lateShare, lost } = checks;
  return (
    <p class="checks">
      <span>{words.refused(formats.share(refusedShare))}</span>
      <span>
        <Icon name={lost === 0 ? 'ok' : 'warn'} /> {words.lost(formats.number(lost))}
      </span>
      <span>{words.late(formats.share(lateShare))}</span>
    </p>
  );
}

/** Values that are no names. */
const nameOf = (dimension: string, value: string, { texts }: Language): string =>
  value === 'other'
    ? texts.overview.opened.other
    : value === 'unknown'
      ? texts.charts.unknown
      : ownName(dimension, value);

interface ChangesTableProps {
  readonly table: DayTable;
  readonly before: string;
}

function ChangesTable({ table, before }: ChangesTableProps): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { overview: words } = texts;
  const count = (people: number | null): string =>
    people === null ? words.opened.few : formats.number(people);
  return (
    <div>
      <h3>{words.dimensions[table.dimension]}</h3>
      {table.rows.length === 0 ? (
        <p class="small quiet">{words.opened.nothing}</p>
      ) : (
        <table class="tight">
          <thead>
            <tr>
              <th scope="col">{words.opened.value}</th>
              <th scope="col" class="r">
                {words.opened.people}
              </th>
              <th scope="col" class="r">
                {words.opened.before(formats.day(before))}
              </th>
              <th scope="col" class="r">
                {words.opened.change}
              </th>
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row.value}>
                <th scope="row">
                  <bdi>{nameOf(table.dimension, row.value, language)}</bdi>
                </th>
                <td class="r">{count(row.people)}</td>
                <td class="r">{count(row.before)}</td>
                <td class="r">
                  {row.people !== null &&
                    row.before !== null &&
                    formats.signed(row.people - row.before)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
