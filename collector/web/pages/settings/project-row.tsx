import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import { type SettingsParts, STATUSES, VISIBILITIES } from '../../page/settings-content.js';
import { usePage } from '../../page/use-page.js';
import { ActForm } from './act-form.js';
import { Copyable } from './copyable.js';
import { AreaField, SelectField, TextField, TickField } from './fields.js';
import { useContext } from 'preact/hooks';
import { FailureContext } from './form-context.js';
import { SettingsRow } from './settings-row.js';
import { projectInPath } from '../../page/project-in-path.js';

interface ProjectRowProps extends Pick<SettingsParts, 'project' | 'k'> {
  readonly done: SettingsAct | null;
}

/** What the project is: whether it counts, its days, who sees it, and what it says of itself. */
export function ProjectRow({ project, k, done }: ProjectRowProps): VNode {
  const { texts, formats } = useLanguage();
  const { frame, pathTo } = usePage();
  const words = texts.settings.project;
  const failure = useContext(FailureContext);
  const isGrave = failure?.act === 'project-save' && failure.field === 'understood';
  const name = projectInPath(frame.project ?? '');
  return (
    <SettingsRow section="project" done={done}>
      <div>
        <p>
          {words.seen[project.visibility]}{' '}
          {project.visibility !== 'none' && (
            <a href={pathTo(`/public/${name}`)}>{texts.frame.publicPage}</a>
          )}
        </p>
        <p class="small quiet">
          {words.k(formats.number(k))} <code>--k</code>, <code>HEADCOUNT_K</code>
        </p>
      </div>
      <ActForm
        act="project-save"
        button={words.save}
        kind="go"
        confirm={isGrave ? words.understood : undefined}
      >
        <SelectField
          name="status"
          label={words.status}
          value={project.status}
          options={STATUSES.map((one) => [one, words.statuses[one]] as const)}
        />
        <SelectField
          name="visibility"
          label={words.visibility}
          value={project.visibility}
          options={VISIBILITIES.map((one) => [one, words.visibilities[one]] as const)}
        />
        <TextField
          name="timezone"
          label={words.timezone}
          hint={words.timezoneHint}
          value={project.timezone}
          maxLength={64}
          isRequired
        />
        <TextField
          name="coverage"
          label={words.coverage}
          hint={words.coverageHint}
          value={project.coverage}
          maxLength={500}
          isWhole
        />
        <TextField
          name="ended"
          label={words.ended}
          hint={words.endedHint}
          value={project.ended}
          maxLength={200}
        />
        <AreaField
          name="ended_runtimes"
          label={words.endedRuntimes}
          hint={words.endedRuntimesHint}
          value={project.endedRuntimes}
          rows={2}
        />
        <AreaField
          name="ended_systems"
          label={words.endedSystems}
          hint={words.endedSystemsHint}
          value={project.endedSystems}
          rows={2}
        />
        <TickField
          name="badge"
          label={words.badge}
          hint={words.badgeHint}
          isOn={project.hasBadge}
        />
      </ActForm>
      {project.hasBadge && <Badge isShown={project.visibility !== 'none'} />}
      {project.isInvented && (
        <div>
          <p>{words.invented}</p>
          <ActForm act="invented-remove" button={words.removeInvented} />
        </div>
      )}
    </SettingsRow>
  );
}

function Badge({ isShown }: { readonly isShown: boolean }): VNode {
  const { project: words } = useLanguage().texts.settings;
  const { frame, pathTo } = usePage();
  if (!isShown) return <p class="small">{words.badgeHidden}</p>;
  const query = `project=${encodeURIComponent(frame.project ?? '')}`;
  const image = pathTo(`/v1/badge.svg?${query}`);
  const page = pathTo(`/public/${projectInPath(frame.project ?? '')}`);
  const markdown = `[![${words.badgeAlt}](${frame.origin}${image})](${frame.origin}${page})`;
  return (
    <div class="give">
      <img class="badge" src={image} alt={words.badgeAlt} />
      <Copyable id="badge-markdown" name={words.markdown} text={markdown} />
    </div>
  );
}
