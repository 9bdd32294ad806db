import { Type } from 'typebox';
import type { ProjectView } from '../access/projects.js';

/** The members of every answer that the public may see: what the project says about itself. */
export const toldMembers = {
  coverage: Type.Optional(
    Type.String({
      description:
        'The project’s own sentence of who is counted: it cannot be measured, since who opts out sends nothing',
    }),
  ),
  invented: Type.Optional(
    Type.Literal(true, {
      description: 'The project is marked as one with invented data. Missing for every other one',
    }),
  ),
};

/** These members, as far as the project says anything. */
export const tellOf = ({
  coverage,
  invented,
}: Pick<ProjectView, 'coverage' | 'invented'>): { coverage?: string; invented?: true } => ({
  ...(coverage !== null && { coverage }),
  ...(invented && { invented }),
});
