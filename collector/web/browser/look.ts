const LOOK = 'headcount-look';

/** Asks for the figures of the page anew: all of them, so that they stay of one moment. */
export const askForLook = (): void => void document.dispatchEvent(new Event(LOOK));

/** Calls back when a part of the page asks for its figures. Returns what ends that. */
export function onLook(look: () => void): () => void {
  document.addEventListener(LOOK, look);
  return () => document.removeEventListener(LOOK, look);
}
