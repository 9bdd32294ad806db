const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export interface StopWatch {
  /** Resolves at the first SIGTERM or SIGINT. The second one ends the process at once. */
  readonly told: Promise<void>;
  /** From now on, such a signal does what it does by itself. */
  end(): void;
}

export function watchStop(): StopWatch {
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let isTold = false;
  const hear = (signal: keyof typeof SIGNALS): void => {
    if (!isTold) {
      isTold = true;
      tell();
      return;
    }
    end();
    process.kill(process.pid, signal);
    // The first process of a container is not ended by its own signal.
    process.exit(128 + SIGNALS[signal]);
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  const end = (): void => {
    for (const name of names) process.off(name, hear);
  };
  for (const name of names) process.on(name, hear);
  return { told, end };
}
