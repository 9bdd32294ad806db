import type { VNode } from 'preact';
import { Icon } from '../../charts/icon.js';
import { useLanguage } from '../../language/language.js';
import type { Status } from '../../page/overview-status.js';
import { usePage } from '../../page/use-page.js';
import { WorstLine } from './worst-line.js';

/** That all is well, with a few facts; or the one worst thing. */
export function StatusLine({ status }: { readonly status: Status }): VNode {
  const { formats, texts } = useLanguage();
  const { frame } = usePage();
  const { status: words } = texts.overview;
  const { worst, lastReportMs, refusedShare, lost, backup } = status;
  if (worst !== null) return <WorstLine worst={worst} zone={frame.clock} />;
  const facts = [
    lastReportMs === null ? null : words.lastReport(formats.ago(lastReportMs)),
    refusedShare === null ? null : words.refused(formats.share(refusedShare)),
    lost === null
      ? null
      : lost === 'unknown'
        ? words.lostUnknown
        : words.lost(formats.number(lost)),
    backup === null
      ? null
      : backup.ageMs === null
        ? words.noBackup
        : words.backup(formats.duration(backup.ageMs)),
  ];
  return (
    <p class="status">
      <strong>
        <Icon name="ok" />
        {words.well}
      </strong>
      {facts.map((fact) => fact !== null && <span key={fact}>{fact}</span>)}
    </p>
  );
}
