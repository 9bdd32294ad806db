import { Type } from 'typebox';
import type { App } from './app-types.js';
import { problemResponses } from './problem.js';
import { VERSION } from './version.js';

/** The answer to `GET /`. */
export const aboutSchema = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    version: Type.String(),
    endpoints: Type.Array(
      Type.Object(
        { method: Type.String(), path: Type.String(), description: Type.String() },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const ABOUT = {
  name: 'headcount-collector',
  description: 'Counts how many people use a program, without knowing who they are.',
  version: VERSION,
  endpoints: [
    { method: 'POST', path: '/v1/reports', description: 'Take one report or a batch' },
    { method: 'POST', path: '/statistics', description: 'Take one report (first generation)' },
    { method: 'POST', path: '/?action=statistics', description: 'The same' },
    {
      method: 'GET',
      path: '/v1/stats/summary',
      description: 'The counts; ?project= for one project',
    },
    { method: 'GET', path: '/stats', description: 'The same (first generation)' },
    { method: 'GET', path: '/v1/stats/recent', description: 'The people seen last, masked' },
    { method: 'GET', path: '/stats/recent', description: 'The same (first generation)' },
    {
      method: 'GET',
      path: '/v1/users/:anonymous_id',
      description: 'All that is kept of an ID, for whoever holds it; ?project= is required',
    },
    {
      method: 'DELETE',
      path: '/v1/users/:anonymous_id',
      description: 'Deletes all that is kept of an ID; ?project= is required',
    },
    {
      method: 'GET',
      path: '/v1/projects',
      description: 'The projects, for the administrator; more below /v1/projects/:project',
    },
    { method: 'GET', path: '/health', description: 'Whether reports can be taken and counted' },
    { method: 'GET', path: '/', description: 'This page' },
  ],
};

/** `GET /`: what this server is and what it answers. */
export function registerAboutRoute(app: App): void {
  app.get('/', { schema: { response: { 200: aboutSchema, ...problemResponses } } }, () => ABOUT);
}
