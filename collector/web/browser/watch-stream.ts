/** How a stream of the collector goes. After the last four it is not tried again. */
export type StreamState =
  'connecting' | 'open' | 'again' | 'too-many' | 'busy' | 'refused' | 'ended';

export interface StreamOptions {
  readonly url: string;
  /** By the name of the event; called with its data. */
  readonly on: Readonly<Record<string, (data: unknown) => void>>;
  readonly onState: (state: StreamState) => void;
}

/** Opens a stream of server-sent events. Returns what closes it. */
export function watchStream({ url, on, onState }: StreamOptions): () => void {
  const stream = new EventSource(url);
  const closed = new AbortController();
  onState('connecting');
  stream.addEventListener('open', () => onState('open'));
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CONNECTING) {
      onState('again');
      return;
    }
    void whyRefused(url, closed.signal).then((state) => {
      if (!closed.signal.aborted) onState(state);
    });
  });
  for (const [name, handle] of Object.entries(on)) {
    stream.addEventListener(name, ({ data }: MessageEvent<string>) => handle(JSON.parse(data)));
  }
  return () => {
    closed.abort();
    stream.close();
  };
}

/** An event stream does not tell with which problem it was refused: an ordinary request does. */
async function whyRefused(url: string, signal: AbortSignal): Promise<StreamState> {
  const ended = new AbortController();
  try {
    const { status } = await fetch(url, { signal: AbortSignal.any([signal, ended.signal]) });
    if (status === 429) return 'too-many';
    if (status === 401 || status === 403) return 'refused';
    return status >= 500 ? 'busy' : 'ended';
  } catch {
    // Nobody answers, or the page was left.
    return 'ended';
  } finally {
    ended.abort();
  }
}
