import type { VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { SystemContent } from '../page/system-content.js';
import { usePage } from '../page/use-page.js';
import { HealthLine } from './system/health-line.js';
import { HealthTree } from './system/health-tree.js';
import { JobsTable } from './system/jobs-table.js';
import { LogsRow } from './system/logs-row.js';
import { MachineTable } from './system/machine-table.js';
import { PerformanceRows } from './system/performance-rows.js';

/** How the collector itself goes. */
export function SystemPage({ content }: { readonly content: SystemContent }): VNode {
  const { texts } = useLanguage();
  const { pathTo } = usePage();
  const { system } = texts;
  const { health, machine, jobs, backup, unread } = content;
  return (
    <>
      <Title title={system.title}>{system.lead}</Title>
      <HealthLine health={health} />
      <Row
        id="health"
        name={system.health}
        unit={system.healthUnit}
        more={<a href={pathTo('/health')}>/health</a>}
      >
        <div>
          <HealthTree health={health} />
          {machine === null && <p class="small quiet">{system.onlyStates}</p>}
        </div>
      </Row>
      {unread.map((part) => (
        <p key={part} class="note bad" role="alert">
          <Icon name="bad" />
          <b>{system.unread[part]}</b> {system.unreadTodo}
        </p>
      ))}
      {machine !== null && (
        <Row name={system.machine} unit={system.machineUnit}>
          <MachineTable machine={machine} files={content.files ?? []} />
        </Row>
      )}
      {jobs !== null && (
        <Row name={system.jobs} unit={system.jobsUnit}>
          <JobsTable jobs={jobs} backup={backup} />
        </Row>
      )}
      <PerformanceRows content={content} />
      <LogsRow content={content} />
    </>
  );
}
