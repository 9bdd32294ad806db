import type { StatusWarning } from '../../api.js';
import type { StoreTrouble } from '../../storage/watch-values.js';

/** Tells an app's author which methods of the app's own storage do not work now. */
export function storeWarnings(trouble: StoreTrouble | undefined): StatusWarning[] {
  if (trouble === undefined) return [];
  const { failing, silent } = trouble;
  const faults = [
    ...(silent.length > 0 ? [`does not answer in time (${silent.join(', ')})`] : []),
    ...(failing.length > 0 ? [`fails (${failing.join(', ')})`] : []),
  ];
  if (faults.length === 0) return [];
  const result = [...silent, ...failing].includes('get')
    ? 'what it holds may be a no, so nothing is sent until it can be read'
    : 'reports are sent, and the ID or the user’s choice may be gone in the next run';
  return [
    { reason: 'storage-failed', text: `The app’s storage ${faults.join(' and ')}: ${result}.` },
  ];
}
