import type { Manifest } from 'headcount/wire';
import type { Asked } from '../gather.js';
import { projectInPath } from '../../../web/page/project-in-path.js';

/** Asks for what the project declares; `undefined` if it declares nothing, or not to this caller. */
export async function askManifest({
  ask,
  project,
}: Pick<Asked, 'ask' | 'project'>): Promise<Manifest | undefined> {
  const answer = await ask(`/v1/projects/${projectInPath(project)}/manifest`);
  // The answer is of this process, which has checked it when it came.
  return answer.ok ? (answer.body as Manifest) : undefined;
}
