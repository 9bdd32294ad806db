import { type Static, Type } from 'typebox';
import { dateOfDay, dayOfDate } from '../rules/day.js';

/** The kinds of notes that an administrator writes. */
export const NOTE_KINDS = ['note', 'incident'] as const;

/** Notes of a project at most. */
export const MAX_NOTES = 200;

/** Characters of a note at most. */
export const MAX_NOTE_CHARACTERS = 280;

/** Days that a note is about at most. */
const MAX_NOTE_DAYS = 366;

const text = Type.String({
  minLength: 1,
  maxLength: MAX_NOTE_CHARACTERS,
  // All of what is not white space is left to `readSentence`, which says what is wrong.
  pattern: '\\S',
  description: 'One line, for people',
});

const date = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

const members = {
  date: { ...date, description: 'Its day, or the first of its days' },
  to: { ...date, description: 'The last of its days, itself included; date without it' },
  kind: Type.Enum([...NOTE_KINDS], { description: 'note without it' }),
  text,
  public: Type.Boolean({
    description: 'Whether the public sees it, where the project’s visibility is detailed',
  }),
};

/** A note of an administrator about some days of a project. */
export const noteSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{10}$' }),
    ...members,
    created_at: Type.String(),
    changed_at: Type.Union([Type.String(), Type.Null()], {
      description: 'null if it was never changed',
    }),
  },
  { additionalProperties: false },
);

/** A note of an administrator about some days of a project. */
export type Note = Static<typeof noteSchema>;

/** The body of `POST /v1/projects/{project}/annotations`. */
export const newNoteSchema = Type.Object(
  {
    date: members.date,
    to: Type.Optional(members.to),
    kind: Type.Optional(members.kind),
    text: members.text,
    public: Type.Optional({ ...members.public, default: false }),
  },
  { additionalProperties: false },
);

/** The body of `PATCH /v1/projects/{project}/annotations/{id}`. What is left out stays. */
export const noteChangesSchema = Type.Partial(newNoteSchema, { additionalProperties: false });

/** What is wrong with the days of a note, if anything. */
export interface NoteError {
  readonly detail: string;
  /** A JSON pointer to the member. */
  readonly path: '/date' | '/to';
}

/** Looks at the days of a note: they must exist, be in order, and not be too many. */
export function findNoteError({
  date: first,
  to,
}: Pick<Note, 'date' | 'to'>): NoteError | undefined {
  const [from, last] = [dayOfDate(first), dayOfDate(to)];
  if (from === undefined) return { detail: 'There is no such day.', path: '/date' };
  if (last === undefined) return { detail: 'There is no such day.', path: '/to' };
  if (last < from) return { detail: `It must not be before ${first}.`, path: '/to' };
  if (last - from >= MAX_NOTE_DAYS) {
    const latest = dateOfDay(from + MAX_NOTE_DAYS - 1);
    const detail = `A note is about at most ${MAX_NOTE_DAYS} days: to must not be after ${latest}.`;
    return { detail, path: '/to' };
  }
  return undefined;
}

/** The notes that touch some days, in the order of their days. */
export const inOrder = (notes: readonly Note[]): Note[] =>
  [...notes].sort((a, b) => compare(a.date, b.date) || compare(a.created_at, b.created_at));

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
