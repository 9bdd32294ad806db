import { readFileSync } from 'node:fs';

/** A vector of the protocol; see test/protocol/README.md. */
export interface Vector<Input, State, Expected> {
  readonly name: string;
  readonly input: Input;
  readonly state: Partial<State>;
  readonly expect: Expected;
}

type Kind = 'full' | 'small' | 'collector';

interface VectorFile {
  readonly vectors: readonly (Vector<unknown, unknown, unknown> & { readonly only?: Kind })[];
}

/** The vectors of a file that concern a kind of client, or the collector. */
export function vectorsFor<Input, State, Expected>(
  kind: Kind,
  file: string,
): readonly Vector<Input, State, Expected>[] {
  const url = new URL(`../protocol/${file}.json`, import.meta.url);
  const { vectors } = JSON.parse(readFileSync(url, 'utf8')) as VectorFile;
  const chosen = vectors.filter(({ only = kind }) => only === kind);
  // The cast: the README of the vectors says which members a file has.
  return chosen.map((vector) => ({ ...vector, state: vector.state ?? {} })) as Vector<
    Input,
    State,
    Expected
  >[];
}
