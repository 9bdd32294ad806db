/** A name that every system takes for a file. */
export const toFileName = (name: string): string => name.replace(/[^\w.-]+/g, '-');
