import { useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';

export interface ChartFootProps {
  readonly twin: Twin;
  /** The address of the CSV with the same rows. */
  readonly csvHref: string;
  /** The address that shows the same view again. */
  readonly viewHref: string;
  /** For each row, the page that it leads to. Enter on the cursor goes there, too. */
  readonly rowHrefs?: readonly (string | undefined)[];
}

/** The foot of a chart: its table, CSV and link. */
export const ChartFoot = ({ twin, csvHref, viewHref, rowHrefs = [] }: ChartFootProps) => {
  const { texts } = useLanguage();
  return (
    <div class="acts">
      <details>
        <summary>{texts.charts.table}</summary>
        <div
          class="twin"
          id={`${twin.id}-table`}
          tabindex={0}
          role="region"
          aria-label={texts.charts.tableOf(twin.name)}
        >
          <table class="tight">
            <thead>
              <tr>
                {twin.columns.map(({ key, name }, i) => (
                  <th key={key} scope="col" class={i > 0 ? 'r' : undefined}>
                    <bdi>{name}</bdi>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {twin.rows.map((cells, row) => (
                <tr key={row}>
                  {cells.map(({ text }, i) =>
                    i > 0 ? (
                      <td key={i} class="r">
                        {text}
                      </td>
                    ) : (
                      <th key={i} scope="row">
                        {rowHrefs[row] === undefined ? (
                          <bdi>{text}</bdi>
                        ) : (
                          <a href={rowHrefs[row]}>
                            <bdi>{text}</bdi>
                          </a>
                        )}
                      </th>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      <span class="out">
        <a href={csvHref}>{texts.charts.csv}</a>
        <a href={viewHref}>{texts.charts.link}</a>
      </span>
    </div>
  );
};
