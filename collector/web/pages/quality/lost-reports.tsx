import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';

interface LostReportsProps {
  readonly lost: number;
  readonly lostCut: number;
}

/** Reports that never came, as the installs tell that dropped them. */
export function LostReports({ lost, lostCut }: LostReportsProps): VNode {
  const { texts, formats } = useLanguage();
  const { quality } = texts;
  const rows = [
    { name: quality.lostFigure, reports: lost, meaning: quality.lostMeaning },
    ...(lostCut > 0
      ? [{ name: quality.lostCut, reports: lostCut, meaning: quality.lostCutMeaning }]
      : []),
  ];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{quality.what}</th>
          <th scope="col" class="r">
            {quality.number}
          </th>
          <th scope="col" class="wide">
            {quality.meaning}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, reports, meaning }) => (
          <tr key={name}>
            <th scope="row">
              {name}
              <small class="narrow">{meaning}</small>
            </th>
            <td class="r">{formats.number(reports)}</td>
            <td class="quiet small wide">{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
