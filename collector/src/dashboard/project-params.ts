import { Type } from 'typebox';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';

/** The name of a project, in a path or a query. */
export const projectParam = Type.String({
  minLength: 1,
  maxLength: MAX_PROJECT_CHARACTERS,
  description: 'The project’s name',
});

/** The parameters of a path that names a project. */
export const projectParams = Type.Object({ project: projectParam });
