import type { SettingsAct } from '../../../web/page/settings-acts.js';
import type { ProjectView } from '../../access/projects.js';
import { type Visibility, VISIBILITIES } from '../../rules/visibility.js';
import type { Change } from '../ask-as-caller.js';
import { readEnded } from './ended-lines.js';
import { type Form, FormError } from './form-error.js';
import { projectInPath } from '../../../web/page/project-in-path.js';

/** How a form becomes a request to the API. */
export interface ActRule {
  /** Whether the form needs the checkbox that says so. */
  readonly isDangerous?: boolean | ((form: Form, project: ProjectView) => boolean);
  /** The API's request. @throws {@link FormError} if the form says what no request can. */
  readonly change: (form: Form, project: ProjectView) => Change;
  /** The form's fields by the JSON pointers of what they set. The first that fits counts. */
  readonly fields?: readonly (readonly [pointer: string, field: string])[];
  /** What the page's URL names, and is no longer there afterwards. */
  readonly leaves?: 'token' | 'note';
}

const part = encodeURIComponent;
const pathOf = ({ project }: ProjectView): string => `/v1/projects/${projectInPath(project)}`;
const text = (form: Form, name: string): string => form[name]?.trim() ?? '';
const isChecked = (form: Form, name: string): boolean => form[name] === 'true';
const given = (form: Form, name: string): Record<string, string> => {
  const value = text(form, name);
  return value === '' ? {} : { [name]: value };
};

const token = (form: Form, rest = ''): string => `/v1/tokens/${part(text(form, 'id'))}${rest}`;
const note = (form: Form, project: ProjectView): string =>
  `${pathOf(project)}/annotations/${part(text(form, 'id'))}`;

const NOTE_FIELDS = [
  ...(['date', 'to', 'kind', 'text', 'public'] as const).map((name) => [`/${name}`, name] as const),
];

const noteBody = (form: Form): object => ({
  ...{ date: text(form, 'date'), text: form['text'] ?? '', public: isChecked(form, 'public') },
  ...{ ...given(form, 'to'), ...given(form, 'kind') },
});

const CLEANING_FIELDS = [
  ['/from', 'from'],
  ['/to', 'to'],
  ['/new', 'new'],
  ['/where/value', 'value'],
  ['/where', 'dimension'],
] as const;

const clean =
  (isDry: boolean) =>
  (form: Form, project: ProjectView): Change => {
    const chosen = text(form, 'dimension');
    const dimension = chosen === 'field' ? `field:${text(form, 'field')}` : chosen;
    const days = { ...given(form, 'from'), ...given(form, 'to') };
    if (chosen === '' && Object.keys(days).length === 0) {
      // With neither, the API would take out the whole project.
      throw new FormError('from', 'nothing_chosen', 'Choose days, a value, or both.');
    }
    return {
      method: 'POST',
      path: `${pathOf(project)}/cleanings`,
      body: {
        ...days,
        ...(isChecked(form, 'new') && { new: true }),
        ...(chosen !== '' && { where: { dimension, value: form['value'] ?? '' } }),
        ...(isDry && { dry_run: true }),
      },
    };
  };

/** Only what the form has changed is set: the rest goes on following the collector's options. */
function projectChanges(form: Form, project: ProjectView): object {
  const ended = readEnded(form);
  const wanted = {
    status: text(form, 'status'),
    timezone: text(form, 'timezone'),
    visibility: text(form, 'visibility'),
    badge: isChecked(form, 'badge'),
    coverage: form['coverage'] ?? '',
    ended,
  };
  const known = { ...project, coverage: project.coverage ?? '' };
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) =>
        JSON.stringify(value) !== JSON.stringify(known[name as keyof typeof wanted]),
    ),
  );
}

const shows = (visibility: string): number => VISIBILITIES.indexOf(visibility as Visibility);

/** To refuse reports, or to show the public more than before. */
const isGraveProjectChange = (form: Form, project: ProjectView): boolean =>
  (text(form, 'status') === 'closed' && project.status === 'open') ||
  shows(text(form, 'visibility')) > shows(project.visibility);

/** What each form of the settings asks the API for. */
export const ACT_RULES: Readonly<Record<SettingsAct, ActRule>> = {
  'project-save': {
    isDangerous: isGraveProjectChange,
    change: (form, project) => ({
      ...{ method: 'PUT', path: pathOf(project), body: projectChanges(form, project) },
    }),
    fields: [
      ...(['status', 'timezone', 'visibility', 'badge', 'coverage'] as const).map(
        (name) => [`/${name}`, name] as const,
      ),
      ['/ended/runtime_version', 'ended_runtimes'],
      ['/ended/os_version', 'ended_systems'],
      ['/ended', 'ended'],
    ],
  },
  'invented-remove': {
    change: (_form, project) => ({
      ...{ method: 'PUT', path: pathOf(project), body: { invented: false } },
    }),
  },
  'token-make': {
    change: (form) => ({
      method: 'POST',
      path: '/v1/tokens',
      body: {
        ...{ level: text(form, 'level'), ...given(form, 'name'), ...given(form, 'project') },
        ...(text(form, 'expires') !== '' && { expires_at: `${text(form, 'expires')}T23:59:59Z` }),
      },
    }),
    fields: [
      ['/name', 'name'],
      ['/level', 'level'],
      ['/project', 'project'],
      ['/expires_at', 'expires'],
    ],
  },
  'token-rotate': {
    isDangerous: true,
    change: (form) => ({ method: 'POST', path: token(form, '/rotate') }),
  },
  'token-revoke': {
    isDangerous: true,
    change: (form) => ({ method: 'DELETE', path: token(form) }),
    leaves: 'token',
  },
  'sessions-end': { change: (form) => ({ method: 'DELETE', path: token(form, '/sessions') }) },
  'session-end': {
    change: (form) => ({
      method: 'DELETE',
      path: token(form, `/sessions/${part(text(form, 'session'))}`),
    }),
  },
  'note-add': {
    change: (form, project) => ({
      ...{ method: 'POST', path: `${pathOf(project)}/annotations`, body: noteBody(form) },
    }),
    fields: NOTE_FIELDS,
  },
  'note-change': {
    change: (form, project) => ({
      method: 'PATCH',
      path: note(form, project),
      // Without an end it is about one day.
      body: { ...{ to: text(form, 'date') }, ...noteBody(form) },
    }),
    fields: NOTE_FIELDS,
    leaves: 'note',
  },
  'note-remove': {
    isDangerous: true,
    change: (form, project) => ({ method: 'DELETE', path: note(form, project) }),
    leaves: 'note',
  },
  'cleaning-preview': { change: clean(true), fields: CLEANING_FIELDS },
  'cleaning-take': { isDangerous: true, change: clean(false), fields: CLEANING_FIELDS },
  'cleaning-undo': {
    change: (form) => ({ method: 'DELETE', path: `/v1/cleanings/${part(text(form, 'id'))}` }),
  },
  'retention-count': {
    change: () => ({ method: 'POST', path: '/v1/retention/runs', body: { dry_run: true } }),
  },
  'retention-run': {
    isDangerous: true,
    change: () => ({ method: 'POST', path: '/v1/retention/runs', body: { dry_run: false } }),
  },
  'write-key-make': {
    isDangerous: true,
    change: (_form, project) => ({ method: 'POST', path: `${pathOf(project)}/write-key` }),
  },
  'write-key-remove': {
    isDangerous: true,
    change: (_form, project) => ({ method: 'DELETE', path: `${pathOf(project)}/write-key` }),
  },
  'manifest-set': {
    isDangerous: true,
    change: (form, project) => ({
      method: 'PUT',
      path: `${pathOf(project)}/manifest`,
      body: readManifest(form['manifest'] ?? ''),
    }),
    fields: [['', 'manifest']],
  },
  'manifest-remove': {
    isDangerous: true,
    change: (_form, project) => ({ method: 'DELETE', path: `${pathOf(project)}/manifest` }),
  },
};

function readManifest(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new FormError('manifest', 'bad_json', error instanceof Error ? error.message : '');
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new FormError('manifest', 'bad_json', 'It is no object.');
}
