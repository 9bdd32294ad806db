/** Resolves after a time. In Node.js it keeps no program alive that would end. */
export function later(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, ms);
    (timer as { unref?: () => void }).unref?.(); // a number in browsers
  });
}
