import { type Static, Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import {
  findNoteError,
  inOrder,
  MAX_NOTES,
  newNoteSchema,
  type Note,
  noteChangesSchema,
  noteSchema,
} from './annotations.js';
import { noteForAudit } from './audit-details.js';
import type { Projects } from './projects.js';
import { readSentence } from './read-sentence.js';

/** The parts that the routes of notes need. */
export interface AnnotationsParts {
  readonly projects: Pick<Projects, 'find' | 'notesOf' | 'changeNotes'>;
  readonly now: () => Date;
  /** A random ID: 10 hex digits. */
  readonly makeNoteId: () => string;
}

/** The answer to `GET /v1/projects/{project}/annotations`. */
export const notesSchema = Type.Object(
  { annotations: Type.Array(noteSchema, { maxItems: MAX_NOTES }) },
  { additionalProperties: false, description: 'In the order of their days' },
);

const project = {
  project: Type.String({
    minLength: 1,
    maxLength: MAX_PROJECT_CHARACTERS,
    description: 'The project’s name, percent-encoded',
  }),
};
const id = { id: Type.String({ pattern: '^[0-9a-f]{10}$', description: 'As it was answered' }) };

const general = { tags: ['projects'] };
const level = 'administrator';
const CHANGING = ['not_found', 'disk_full', 'bad_annotation', 'bad_text'] as const;

/** `/v1/projects/{project}/annotations`: what the administrator notes about days of a project. */
export function registerAnnotationsRoutes(app: App, parts: AnnotationsParts): void {
  const { projects, now, makeNoteId } = parts;
  const mustFind = (name: string): void => {
    if (projects.find(name) !== undefined) return;
    throw new ProblemError('not_found', 'There is no such project.');
  };

  app.get(
    '/v1/projects/:project/annotations',
    {
      schema: {
        ...general,
        summary: 'The notes about days of a project',
        params: Type.Object(project),
        response: { 200: notesSchema },
      },
      config: { level, problems: ['not_found'] },
    },
    ({ params }) => {
      mustFind(params.project);
      return { annotations: inOrder(projects.notesOf(params.project)) };
    },
  );
  app.post(
    '/v1/projects/:project/annotations',
    {
      schema: {
        ...general,
        summary: 'Note something about a day of a project, or about several',
        params: Type.Object(project),
        body: newNoteSchema,
        response: { 201: noteSchema },
      },
      config: { level, problems: [...CHANGING, 'too_many_annotations'] },
    },
    async (request, reply) => {
      const { params, body } = request;
      mustFind(params.project);
      const made: Note = checked({
        ...{ id: makeNoteId(), kind: 'note', to: body.date, public: false, ...body },
        ...{ created_at: now().toISOString(), changed_at: null },
      });
      await projects.changeNotes(params.project, (notes) => {
        if (notes.length >= MAX_NOTES) throw tooMany();
        return [...notes, made];
      });
      noteForAudit(request, { target: `${params.project} ${made.id}` });
      return reply.code(201).send(made);
    },
  );
  app.patch(
    '/v1/projects/:project/annotations/:id',
    {
      schema: {
        ...general,
        summary: 'Change a note',
        description:
          'What is left out stays. A note about one day that gets another date stays one about one day.',
        params: Type.Object({ ...project, ...id }),
        body: noteChangesSchema,
        response: { 200: noteSchema },
      },
      config: { level, problems: [...CHANGING] },
    },
    async ({ params, body }) => {
      mustFind(params.project);
      let changed: Note | undefined;
      await projects.changeNotes(params.project, (notes) => {
        const before = findNote(notes, params.id);
        const next = checked({ ...withChanges(before, body), changed_at: now().toISOString() });
        changed = next;
        return notes.map((note) => (note === before ? next : note));
      });
      return changed ?? findNote([], params.id);
    },
  );
  app.delete(
    '/v1/projects/:project/annotations/:id',
    {
      schema: {
        ...general,
        summary: 'Remove a note',
        params: Type.Object({ ...project, ...id }),
        response: { 204: Type.Null({ description: 'Done' }) },
      },
      config: { level, problems: ['not_found', 'disk_full'] },
    },
    async ({ params }, reply) => {
      mustFind(params.project);
      await projects.changeNotes(params.project, (notes) => {
        const removed = findNote(notes, params.id);
        return notes.filter((note) => note !== removed);
      });
      return reply.code(204).send(null);
    },
  );
}

const withChanges = (before: Note, changes: Static<typeof noteChangesSchema>): Note => ({
  ...before,
  ...(changes.date !== undefined && before.to === before.date && { to: changes.date }),
  ...changes,
});

function checked(note: Note): Note {
  const error = findNoteError(note);
  if (error === undefined) return { ...note, text: readSentence(note.text, '/text') };
  throw new ProblemError('bad_annotation', error.detail, { path: error.path });
}

function findNote(notes: readonly Note[], wanted: string): Note {
  const found = notes.find((note) => note.id === wanted);
  if (found === undefined) throw new ProblemError('not_found', 'There is no such annotation.');
  return found;
}

const tooMany = (): ProblemError =>
  new ProblemError(
    'too_many_annotations',
    `A project has at most ${MAX_NOTES} annotations. Remove one that is no longer needed.`,
  );
