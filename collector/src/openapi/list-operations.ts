/** A request that the server answers. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly description: string;
}

/** What an OpenAPI document has of each path: operations, by their methods. */
type PathItem = Readonly<Record<string, { readonly summary?: string }>>;

/** The operations of an OpenAPI document, in its order. */
export function listOperations({ paths = {} }: { readonly paths?: object }): Operation[] {
  // The cast: documents of this server have nothing but operations below a path.
  return Object.entries(paths as Readonly<Record<string, PathItem>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary = '' }]) => ({
      method: method.toUpperCase(),
      path,
      description: summary,
    })),
  );
}
