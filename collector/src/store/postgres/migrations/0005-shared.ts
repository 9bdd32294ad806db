/**
 * What nodes share beside their counts. A kind's version grows with each change of its documents, and
 * a document has that of its last change. `nodes` has those that are up.
 */
export const shared = `
  CREATE TABLE shared_kinds(
    kind text COLLATE "C" PRIMARY KEY,
    version int8 NOT NULL
  );
  CREATE TABLE shared_documents(
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version int8 NOT NULL,
    changed_at int8 NOT NULL,
    value json NOT NULL,
    PRIMARY KEY(kind, name)
  );
  CREATE TABLE shared_log(
    id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry json NOT NULL
  );
  CREATE TABLE nodes(
    node uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
  );
`;
