import type { RouteOptions } from 'fastify';
import type { App } from '../app-types.js';

/** A route as it was registered, without its code. */
export type CollectedRoute = Pick<RouteOptions, 'method' | 'url' | 'schema' | 'config'>;

/** Collects the routes that are registered after this call. */
export function collectRoutes(app: App): readonly CollectedRoute[] {
  const routes: CollectedRoute[] = [];
  app.addHook('onRoute', ({ method, url, schema = {}, config = {} }) => {
    // Fastify adds HEAD to each GET. Pages are for people, and no part of the API.
    if (method !== 'HEAD' && !isHidden(schema)) routes.push({ method, url, schema, config });
  });
  return routes;
}

const isHidden = (schema: object): boolean => 'hide' in schema && schema.hide === true;

/** A method and path that the server answers. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly description: string;
}

/** The operations of routes, in their order. */
export function listOperations(routes: readonly CollectedRoute[]): Operation[] {
  return routes.map(({ method, url, schema }) => ({
    method: String(method),
    path: url.replace(/:(\w+)/g, '{$1}'),
    description: schema?.summary ?? '',
  }));
}
