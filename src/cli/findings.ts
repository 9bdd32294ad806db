import type { Status } from '../status.js';
import type { Diagnosis } from '../user/answers.js';
import { explainConsent } from './explain-consent.js';

/** One part of the chain, and what to do about it where it is not well. */
export interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly advice?: string;
}

type Done = Extract<Diagnosis, { done: true }>;

/** More than this makes a report's day doubtful to a person who reads it. */
const MAX_SKEW_MS = 5 * 60_000;

/** What a diagnosis says, part by part, in the order in which a report passes them. */
export function findings(status: Status, diagnosis: Done): Finding[] {
  return [
    consentFinding(status),
    idFinding(diagnosis),
    ...diagnosis.folders.map(({ folder, isWritable, cause }): Finding =>
      isWritable
        ? { part: 'folder', state: 'ok', text: `${folder} can be written` }
        : {
            part: 'folder',
            state: 'problem',
            text: `${folder} cannot be written (${cause})`,
            advice: 'Give your user the right to write there, or free some space on the disk.',
          },
    ),
    { part: 'outbox', state: 'ok', text: `${diagnosis.waitingSegments} segments wait to be sent` },
    ...leaseFindings(diagnosis),
    ...deliveryFindings(status, diagnosis),
    ...collectorFindings(status, diagnosis),
  ];
}

function consentFinding(status: Status): Finding {
  const text = `${status.mode}: ${explainConsent(status)}`;
  return { part: 'consent', state: status.mode === 'on' ? 'ok' : 'note', text };
}

function idFinding({ idSource }: Done): Finding {
  const text =
    idSource === 'none' ? 'none yet: the first report makes it' : `made from ${idSource}`;
  return { part: 'id', state: 'ok', text };
}

const leaseFindings = ({ leaseHolder }: Done): Finding[] => [
  {
    part: 'lease',
    state: 'ok',
    text: leaseHolder === undefined ? 'free' : `process ${leaseHolder} is sending`,
  },
];

function deliveryFindings({ problem }: Status, diagnosis: Done): Finding[] {
  const { failures, lastSuccess, nextAttempt, isGone } = diagnosis;
  const found: Finding[] = [];
  const success =
    lastSuccess === undefined ? 'no report has arrived yet' : `last success ${lastSuccess}`;
  if (isGone) {
    found.push({
      part: 'delivery',
      state: 'note',
      text: 'the collector wants nothing of this version any more (410)',
      advice: 'Update the program.',
    });
  } else if (failures > 0) {
    found.push({
      part: 'delivery',
      state: 'problem',
      text: `${failures} attempts in a row have failed${problem ? ` (${problem})` : ''}; ${success}`,
      advice: nextAttempt
        ? `The next attempt is not before ${nextAttempt}.`
        : 'The next run tries again.',
    });
  } else found.push({ part: 'delivery', state: 'ok', text: success });
  return found;
}

function collectorFindings({ endpoint }: Status, { collector, proxy }: Done): Finding[] {
  const way: Finding[] =
    proxy === undefined ? [] : [{ part: 'proxy', state: 'ok', text: `${proxy} is used` }];
  if (!collector) {
    const text = 'not asked, since telemetry is not on';
    return [...way, { part: 'collector', state: 'note', text }];
  }
  if (!collector.reached) {
    return [
      ...way,
      {
        part: 'collector',
        state: 'problem',
        text: `${endpoint} was not reached (${collector.cause})`,
        advice:
          'Check the address, the network, and HTTPS_PROXY and NO_PROXY. Reports wait until then.',
      },
    ];
  }
  const { status, clockSkewMs = 0 } = collector;
  const isSkewed = Math.abs(clockSkewMs) > MAX_SKEW_MS;
  const seconds = Math.round(clockSkewMs / 1000);
  return [
    ...way,
    status < 500
      ? { part: 'collector', state: 'ok', text: `${endpoint} answers (${status})` }
      : {
          part: 'collector',
          state: 'problem',
          text: `${endpoint} answers, but is not well itself (${status})`,
          advice: 'Reports wait until it is. Tell whoever runs it.',
        },
    isSkewed
      ? {
          part: 'clock',
          state: 'note',
          text: `this machine’s clock is ${seconds} s from the collector’s`,
          advice: 'Set the clock. Reports are counted on the right day all the same.',
        }
      : { part: 'clock', state: 'ok', text: `within ${Math.abs(seconds)} s of the collector’s` },
  ];
}
