import type { JsonSchema } from 'headcount/wire';

/** An answer of a route, as it is documented: the form that @fastify/swagger reads. */
export interface Answer {
  readonly description: string;
  /** By their names. */
  readonly headers: Readonly<Record<string, JsonSchema>>;
  /** By their content types; none where the answer has no body. */
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  /** For @fastify/swagger, which would add a body of JSON. */
  readonly type?: 'null';
}

/** Answers by their status. */
export type Answers = Readonly<Record<string, Answer>>;

/** Adds answers to answers; one status can have answers of several content types. */
export function addAnswers(some: Answers, others: Answers): Answers {
  const added = Object.entries(others).map(([status, { content, headers, ...other }]) => {
    const one = some[status];
    return [
      status,
      {
        ...other,
        description: one === undefined ? other.description : `${one.description}, or a problem`,
        headers: { ...one?.headers, ...headers },
        content: { ...one?.content, ...content },
      },
    ] as const;
  });
  return { ...some, ...Object.fromEntries(added) };
}
