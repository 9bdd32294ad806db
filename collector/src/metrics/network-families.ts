import type { Family } from './family.js';
import { sampleOf } from './family.js';

/** What goes through the port of reports and questions. */
export const NETWORK_FAMILIES: readonly Family[] = [
  {
    name: 'network_received_bytes_total',
    type: 'counter',
    help: 'Bytes that clients have sent to the port of reports and questions, since the start.',
    labels: [],
    read: ({ network }) => sampleOf(network.bytesIn),
  },
  {
    name: 'network_sent_bytes_total',
    type: 'counter',
    help: 'Bytes that were sent to clients from this port, since the start.',
    labels: [],
    read: ({ network }) => sampleOf(network.bytesOut),
  },
  {
    name: 'network_connections_total',
    type: 'counter',
    help: 'Connections that were accepted at this port, since the start.',
    labels: [],
    read: ({ network }) => sampleOf(network.connections),
  },
  {
    name: 'network_open_connections',
    type: 'gauge',
    help: 'Connections that are open now.',
    labels: [],
    read: ({ network }) => sampleOf(network.openConnections),
  },
  {
    name: 'network_connection_errors_total',
    type: 'counter',
    help: 'Connections that failed, since the start: cut off by the client, too slow, not HTTP, or without TLS.',
    labels: ['reason'],
    read: ({ network }) =>
      Object.entries(network.errors).map(([reason, value]) => ({ labels: { reason }, value })),
  },
];
