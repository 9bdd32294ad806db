import type { Worker } from 'node:worker_threads';

/** What a heap snapshot has, as far as its size goes. */
interface Snapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: readonly string[] } };
  /** The fields of one object after those of the other. */
  readonly nodes: readonly number[];
}

/** What a thread's objects take, in megabytes, once its garbage is collected. */
export async function heapMegabytes(worker: Worker): Promise<number> {
  let text = '';
  // It collects the garbage first.
  for await (const chunk of await worker.getHeapSnapshot()) text += String(chunk);
  const { snapshot, nodes } = JSON.parse(text) as Snapshot;
  const fields = snapshot.meta.node_fields.length;
  const size = snapshot.meta.node_fields.indexOf('self_size');
  let bytes = 0;
  for (let at = size; at < nodes.length; at += fields) bytes += nodes[at] ?? 0;
  return bytes / 1024 ** 2;
}
