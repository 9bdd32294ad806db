import type { App } from './app-types.js';

/** The methods of the routes that a path, without its query, leads to. */
export type MethodsAt = (path: string) => ReadonlySet<string>;

/** Watches which routes are registered after this call, by the methods of their paths. */
export function watchMethods(app: Pick<App, 'addHook'>): MethodsAt {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methodsOf.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    methodsOf.set(url, known);
  });
  return (path) =>
    new Set([...methodsOf].flatMap(([url, methods]) => (leadsTo(path, url) ? [...methods] : [])));
}

/** Whether a path is one of a route: `:name` stands for any part of it. */
function leadsTo(path: string, url: string): boolean {
  const parts = path.split('/');
  const wanted = url.split('/');
  return (
    parts.length === wanted.length &&
    wanted.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : parts[at] === part))
  );
}
