import { Type } from 'typebox';

/** The member of every answer that the public may see. */
export const coverageMember = {
  coverage: Type.Optional(
    Type.String({
      description:
        'The project’s own sentence of who is counted: it cannot be measured, since who opts out sends nothing',
    }),
  ),
};
