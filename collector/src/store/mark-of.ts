/** The name under which `positions` has the mark of a node. */
export const markOf = (node: string): string => `written:${node}`;
