/** The parts of the collector that write to its log, by the `source` of their lines. */
export const LOG_SOURCES = [
  ...(['server', 'requests', 'start', 'health', 'jobs', 'counting', 'counts', 'backup'] as const),
  ...(['country', 'tls', 'tokens', 'performance', 'notices', 'digest', 'log', 'relay'] as const),
] as const;

/** One of {@link LOG_SOURCES}. */
export type LogSource = (typeof LOG_SOURCES)[number];
