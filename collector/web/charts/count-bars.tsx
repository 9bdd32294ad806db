import { useLanguage } from '../language/language.js';
import { countText, type Count } from './count.js';
import { Delta } from './delta.js';
import { ShareCell } from './share-cell.js';

export interface CountRow {
  readonly name: string;
  /** As in the API; the name without it. */
  readonly value?: string;
  readonly people: Count;
  /** `null` if it is not shown. */
  readonly share: number | null;
  /** Against the time before; `null` if there is nothing to compare with. */
  readonly change?: number | null;
  /** All values that are not named. */
  readonly isOther?: boolean;
  readonly href?: string;
}

export interface CountBarsProps {
  readonly rows: readonly CountRow[];
  /** What the rows are; "Value" if nothing is said. */
  readonly column?: string;
  /** What is counted; "People" if nothing is said. */
  readonly countColumn?: string;
  /** The smallest number of people that is shown (k). */
  readonly leastShown: number;
  /** Names are words of a program. */
  readonly isCode?: boolean;
}

/** People by the values of a dimension, each with the bar of its share. */
export const CountBars = ({
  rows,
  column,
  countColumn,
  leastShown,
  isCode = false,
}: CountBarsProps) => {
  const language = useLanguage();
  const { charts } = language.texts;
  const hasChange = rows.some(({ change }) => typeof change === 'number');
  if (rows.length === 0) return <p class="quiet">{charts.nothing}</p>;
  return (
    <table class="bars">
      <thead>
        <tr>
          <th scope="col">{column ?? charts.value}</th>
          <th scope="col" class="r">
            {countColumn ?? charts.people}
          </th>
          <th scope="col" class="r">
            {charts.share}
          </th>
          <th scope="col">
            <span class="vh">{charts.bar}</span>
          </th>
          {hasChange && (
            <th scope="col" class="r wide">
              {charts.change}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} class={typeof row.people === 'number' ? undefined : 'sup'}>
            <th scope="row">
              <Name row={row} isCode={isCode} />
            </th>
            {typeof row.people === 'number' ? (
              <>
                <td class="r">{countText(row.people, leastShown, language)}</td>
                <td class="r">{row.share === null ? '' : language.formats.share(row.share)}</td>
                <td class="w">
                  <ShareCell share={row.share} slot={row.isOther === true ? 0 : 1} />
                </td>
              </>
            ) : (
              <>
                <td class="r nowrap" colspan={2}>
                  {countText(row.people, leastShown, language)}
                </td>
                <td class="w">
                  <ShareCell share={null} />
                </td>
              </>
            )}
            {hasChange && (
              <td class="r wide">
                {typeof row.change === 'number' ? <Delta change={row.change} /> : '–'}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Name = ({
  row: { name, href },
  isCode,
}: {
  readonly row: CountRow;
  readonly isCode: boolean;
}) => {
  const shown = (
    <bdi class="name" title={name}>
      {isCode ? <code>{name}</code> : name}
    </bdi>
  );
  return href === undefined ? shown : <a href={href}>{shown}</a>;
};
