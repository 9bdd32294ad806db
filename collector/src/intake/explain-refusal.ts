import type { ProjectRefusal } from '../access/projects.js';
import type { Rejection } from './check-report.js';

const DETAILS: Record<ProjectRefusal, string> = {
  project_closed: 'The project is closed, or was never opened here. Stop sending its reports.',
  too_many_projects: 'A project of this name would be one too many. Keep its reports.',
  key_required: 'Send the project’s write key as Authorization: Bearer.',
  key_wrong: 'The key may have been replaced.',
};

/** A project's refusal, as it is told for each of its reports. */
export function explainRefusal(refusal: ProjectRefusal): Rejection {
  return {
    code: refusal,
    path: '/project',
    detail: DETAILS[refusal],
    retry: refusal === 'too_many_projects',
  };
}
