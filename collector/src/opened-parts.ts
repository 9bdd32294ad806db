interface Closable {
  close(): unknown;
}

/** What has been opened, and is closed again: the last first. */
export interface OpenedParts {
  readonly keep: <Part extends Closable>(part: Part) => Part;
  /** Keeps a part that closes after all others. */
  readonly keepLongest: (part: Closable) => void;
  readonly close: () => Promise<void>;
}

export function createOpenedParts(): OpenedParts {
  const opened: Closable[] = [];
  return {
    keep: (part) => {
      opened.push(part);
      return part;
    },
    keepLongest: (part) => void opened.unshift(part),
    close: async () => {
      for (const part of opened.reverse()) await part.close();
    },
  };
}
