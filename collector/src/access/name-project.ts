import { projectOfPath } from '../../web/page/project-in-path.js';
import { isRecord } from '../is-record.js';

/** Takes the escape of a project that is called `.` or `..` out of the parameters of a path. */
export function nameProject(parameters: unknown): void {
  if (!isRecord(parameters)) return;
  const { project } = parameters;
  if (typeof project === 'string') Reflect.set(parameters, 'project', projectOfPath(project));
}
