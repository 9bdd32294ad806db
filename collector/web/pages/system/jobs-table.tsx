import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { BackupState, SystemJob } from '../../page/system-content.js';
import { usePage } from '../../page/use-page.js';

interface JobsTableProps {
  readonly jobs: readonly SystemJob[];
  readonly backup: BackupState | null;
}

/** The last runs of the jobs, and how old the last backup is. */
export function JobsTable({ jobs, backup }: JobsTableProps): VNode {
  const { texts, formats } = useLanguage();
  const { frame } = usePage();
  const { system } = texts;
  const timezone = frame.timezone ?? 'UTC';
  const lastText = ({ state, succeededAt, failedAt }: SystemJob): string => {
    if (state === 'running') return system.running;
    if (failedAt !== null) return system.failed(formats.dayAndTime(failedAt, timezone));
    return succeededAt === null ? system.never : formats.dayAndTime(succeededAt, timezone);
  };
  return (
    <div>
      {backup !== null && <Backup backup={backup} />}
      <table>
        <thead>
          <tr>
            <th scope="col">{system.job}</th>
            <th scope="col">{system.lastRun}</th>
            <th scope="col" class="r">
              {system.took}
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.name}>
              <th scope="row">{system.jobNames[job.name] ?? job.name}</th>
              <td class={job.state === 'failed' ? 'unwell' : undefined}>{lastText(job)}</td>
              <td class="r">{job.tookMs !== null && formats.milliseconds(job.tookMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Backup({ backup }: { readonly backup: BackupState }): VNode {
  const { texts, formats } = useLanguage();
  const { frame } = usePage();
  const words = texts.system.backup;
  const { succeededAt, failedAt, everySeconds } = backup;
  const agoText = (moment: string): string =>
    formats.ago(Date.parse(frame.madeAt) - Date.parse(moment));
  return (
    <p class="give">
      {succeededAt === null ? words.none : words.last(agoText(succeededAt))}{' '}
      {failedAt !== null && <b class="unwell">{words.failed(agoText(failedAt))} </b>}
      {everySeconds === null ? words.noRegular : words.every(formats.duration(everySeconds * 1000))}
    </p>
  );
}
