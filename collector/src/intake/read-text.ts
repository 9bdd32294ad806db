import { MAX_VALUE_CHARACTERS } from './limits.js';

/** Reads a value as text in the bounds that are kept; `undefined` if it is no text, or empty. */
export function readText(value: unknown): { value: string; cut: boolean } | undefined {
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  if (trimmed === '') return undefined;
  const cut = trimmed.length > MAX_VALUE_CHARACTERS;
  return { value: trimmed.slice(0, MAX_VALUE_CHARACTERS).toWellFormed(), cut };
}
