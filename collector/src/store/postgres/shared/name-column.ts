/** The name of a document as its column has it: escaped as JSON does, since a text has no NUL there. */
export const toColumn = (name: string): string => JSON.stringify(name).slice(1, -1);

/** The name that a column has. */
export const nameOfColumn = (text: string): string => JSON.parse(`"${text}"`) as string; // as above
