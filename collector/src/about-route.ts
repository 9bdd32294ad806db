import { Type } from 'typebox';
import type { App } from './app-types.js';
import { listOperations } from './openapi/register-openapi.js';
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

/** `GET /`: what this server is and what it answers. */
export function registerAboutRoute(app: App): void {
  app.get(
    '/',
    {
      schema: {
        summary: 'What this server is and what it answers',
        tags: ['server'],
        response: { 200: aboutSchema },
      },
      config: { level: 'public', credential: 'none' },
    },
    () => ({
      name: 'headcount-collector',
      description: 'Counts how many people use a program, without knowing who they are.',
      version: VERSION,
      endpoints: listOperations(app.swagger()),
    }),
  );
}
