import {
  type DeliveryState,
  loadState,
  saveState,
  type Sender,
} from '../delivery/delivery-state.js';
import {
  collectorEntry,
  type KnownCollector,
  rememberCollector,
} from '../delivery/known-collectors.js';
import type { Endpoint } from '../project/endpoint.js';
import type { KeyValueStorage } from '../storage/storage.js';

/** What senders keep of each endpoint. No method rejects. */
export interface InstallState {
  load(endpoint: Endpoint, sender: Sender): Promise<DeliveryState>;
  save(endpoint: Endpoint, state: DeliveryState, sender: Sender): Promise<void>;
  /** Tells that a collector has acknowledged reports. */
  acknowledged(collector: KnownCollector): Promise<void>;
}

/** Keeps it in a storage. Writes one change after another: several endpoints share a value. */
export function installState(storage: KeyValueStorage): InstallState {
  const known = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = turn.then(change);
    turn = changed;
    return changed;
  }
  return {
    load: (endpoint, sender) => inTurn(() => loadState(storage, endpoint, sender)),
    save: (endpoint, state, sender) => inTurn(() => saveState(storage, endpoint, state, sender)),
    async acknowledged(collector) {
      const entry = JSON.stringify(collectorEntry(collector));
      if (known.has(entry)) return;
      if (await inTurn(() => rememberCollector(storage, collector))) known.add(entry);
    },
  };
}
