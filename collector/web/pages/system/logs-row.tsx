import type { VNode } from 'preact';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import type { SystemContent } from '../../page/system-content.js';
import type { SystemLogs } from '../../page/system-logs.js';
import { usePage } from '../../page/use-page.js';
import { FollowControls } from './follow-controls.js';
import { LogBars } from './log-bars.js';
import { LogForm } from './log-form.js';
import { LogList } from './log-list.js';
import { useFollow } from './use-follow.js';

/** Lines that a page has at most. */
const PAGE_LINES = 100;

/** The log: filters, numbers by level, lines, and those that come. */
export function LogsRow({ content }: { readonly content: SystemContent }): VNode | null {
  const { logs } = content;
  return logs === null ? null : <Logs content={content} logs={logs} />;
}

interface LogsProps {
  readonly content: SystemContent;
  readonly logs: SystemLogs;
}

function Logs({ content, logs }: LogsProps): VNode {
  const { texts, formats } = useLanguage();
  const { frame, href } = usePage();
  const { system } = texts;
  const { filter, lines, next, problem, counts } = logs;
  const following = useFollow(filter, frame.basePath);
  // What the page has already comes after what the stream brings.
  const shown = [...following.followed.lines, ...lines];
  const withDay = filter.window === '24h' || filter.window === '7d';
  return (
    <Row id="logs" name={system.logs} unit={system.logsUnit(formats.number(PAGE_LINES))}>
      <div>
        <div class="bar tightbar log-bar">
          <LogForm logs={logs} />
          <FollowControls following={following} />
        </div>
        <LogBars content={content} logs={logs} />
        {counts?.isTruncated === true && <p class="small quiet">{system.notAllCounted}</p>}
        {problem !== null && (
          <p class="note warn">{problem === 'no-files' ? system.noFiles : system.busy}</p>
        )}
        {problem === null && shown.length === 0 && <p>{system.noLines}</p>}
        {shown.length > 0 && <LogList lines={shown} zone={content.timezone} withDay={withDay} />}
        {logs.isTruncated && <p class="small quiet">{system.notAllRead}</p>}
        {(next !== null || filter.cursor !== null) && (
          <p class="acts2 pager">
            {filter.cursor !== null && (
              <a class="btn" href={`${href({ cursor: undefined })}#logs`}>
                {system.newest}
              </a>
            )}
            {next !== null && (
              <a class="btn" href={`${href({ cursor: next })}#logs`}>
                {system.older}
              </a>
            )}
          </p>
        )}
      </div>
    </Row>
  );
}
