import type { DiagnoseResult, Reachability } from '../delivery/answers.js';
import type { Status } from '../api.js';
import { explainConsent } from './status-command.js';

/** One part of the chain, and what to do about it where it is not well. */
export interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly advice?: string;
}

type Done = Extract<DiagnoseResult, { ok: true }>;

/** More than this makes a report's day doubtful to a person who reads it. */
const MAX_SKEW_MS = 5 * 60_000;

/**
 * What a diagnosis says, part by part, in the order in which a report passes them.
 *
 * @param name - what the user types before a command, for advice
 */
export function findings(status: Status, diagnosis: Done, name: string): Finding[] {
  return [
    consentFinding(status, name),
    ...noticeFindings(status, name),
    idFinding(diagnosis),
    ...diagnosis.folders.map(({ folder, isWritable, error }): Finding =>
      isWritable
        ? { part: 'folder', state: 'ok', text: `${folder} can be written` }
        : {
            part: 'folder',
            state: 'problem',
            text: `${folder} cannot be written (${error})`,
            advice: 'Give your user the right to write there, or free some space on the disk.',
          },
    ),
    outboxFinding(status, diagnosis),
    ...leaseFindings(diagnosis),
    ...deliveryFindings(status, diagnosis),
    ...collectorFindings(status, diagnosis),
  ];
}

function consentFinding(status: Status, name: string): Finding {
  const text = `${status.mode}: ${explainConsent(status)}`;
  const advice = consentAdvice(status, name);
  const state = status.mode === 'on' ? 'ok' : 'note';
  return { part: 'consent', state, text, ...(advice !== undefined && { advice }) };
}

const noticeFindings = ({ warnings }: Status, name: string): Finding[] =>
  warnings.some(({ reason }) => reason === 'notice-not-shown')
    ? [
        {
          part: 'notice',
          state: 'note',
          text: 'nothing is sent before the program has told you what it collects',
          advice: `Run the program, which tells you. If you know and agree: ${name} on`,
        },
      ]
    : [];

function outboxFinding({ mode }: Status, { waitingSegments: files }: Done): Finding {
  if (files === undefined) {
    const advice = 'Give your user the right to read the outbox.';
    return { part: 'outbox', state: 'problem', text: 'it cannot be looked into', advice };
  }
  if (files === 0) return { part: 'outbox', state: 'ok', text: 'nothing waits to be sent' };
  const wait = files === 1 ? '1 file of reports waits' : `${files} files of reports wait`;
  return mode === 'on'
    ? {
        part: 'outbox',
        state: 'ok',
        text: `${wait} to be sent`,
        advice: 'The next run of the program that sends takes them along.',
      }
    : { part: 'outbox', state: 'ok', text: `${wait} here and will not be sent` };
}

const ID_TEXTS: Readonly<Record<Done['idSource'], string>> = {
  none: 'none yet: the first report makes it',
  machine: 'made from this machine, for this program alone (machine)',
  time: 'random (time)',
  copied: 'made anew, since the home came from another machine (copied)',
  given: 'handed down in HEADCOUNT_ANONYMOUS_ID (given)',
  ci: 'that of the CI system (ci)',
  unreadable: 'one is kept that cannot be read: reports get another one each time',
};

const idFinding = ({ idSource }: Done): Finding =>
  idSource === 'unreadable'
    ? {
        part: 'id',
        state: 'problem',
        text: ID_TEXTS[idSource],
        advice: 'Give your user the right to read the file anonymous-id, or delete it.',
      }
    : { part: 'id', state: 'ok', text: ID_TEXTS[idSource] };

const leaseFindings = ({ leaseHolder }: Done): Finding[] => [
  {
    part: 'lease',
    state: 'ok',
    text: leaseHolder === undefined ? 'free' : `process ${leaseHolder} is sending`,
  },
];

function deliveryFindings({ error }: Status, diagnosis: Done): Finding[] {
  const { failures, lastSuccess, nextAttempt, isRetired } = diagnosis;
  const found: Finding[] = [];
  const success =
    lastSuccess === undefined ? 'no report has arrived yet' : `last success ${lastSuccess}`;
  if (isRetired) {
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
      text: `${failures} attempts in a row have failed${error ? ` (${error})` : ''}; ${success}`,
      advice: nextAttempt
        ? `The next attempt is not before ${nextAttempt}.`
        : 'The next run tries again.',
    });
  } else found.push({ part: 'delivery', state: 'ok', text: success });
  return found;
}

function collectorFindings({ endpoint }: Status, diagnosis: Done): Finding[] {
  const { collector } = diagnosis;
  const way = [...addressFindings(diagnosis), ...proxyFindings(diagnosis)];
  if (!collector) {
    const text = 'not asked, since telemetry is not on';
    return [...way, { part: 'collector', state: 'note', text }];
  }
  if (!collector.reached) {
    const text = `${endpoint} was not reached (${collector.error})`;
    const advice = reachAdvice(collector, diagnosis);
    return [...way, { part: 'collector', state: 'problem', text, advice }];
  }
  const { status, clockSkewMs } = collector;
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
    ...(clockSkewMs === undefined ? [] : [clockFinding(clockSkewMs)]),
  ];
}

const addressFindings = ({ foundIn }: Done): Finding[] =>
  foundIn === undefined
    ? []
    : [
        {
          part: 'address',
          state: 'ok',
          text: `a collector on this machine left its address in ${foundIn}`,
        },
      ];

function proxyFindings({ proxy }: Done): Finding[] {
  if (!proxy) return [];
  const { variable, address } = proxy;
  if (address !== undefined) {
    return [{ part: 'proxy', state: 'ok', text: `${address} is used (${variable})` }];
  }
  const text = `${variable} is no address of a proxy, so that none is used`;
  const advice = 'Give it one such as http://proxy.example.com:3128, or unset it.';
  return [{ part: 'proxy', state: 'note', text, advice }];
}

function clockFinding(skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= MAX_SKEW_MS) {
    return { part: 'clock', state: 'ok', text: `within ${seconds} s of the collector’s` };
  }
  return {
    part: 'clock',
    state: 'note',
    text: `this machine’s clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the collector’s`,
    advice: 'Set the clock. Reports are counted on the right day all the same.',
  };
}

/**
 * What whoever does not want it so can do about telemetry that is off.
 *
 * @param name - what the user types before a command, such as `acme telemetry`
 */
function consentAdvice(
  { mode, consent, reason }: Pick<Status, 'mode' | 'consent' | 'reason'>,
  name: string,
): string | undefined {
  if (mode === 'on') return undefined;
  if (reason === 'retired') return 'Update the program.';
  switch (consent.rule) {
    case 'environment':
      return `To have it on, take ${consent.source} out of the environment.`;
    case 'choice':
    case 'mode':
      return `To have it on: ${name} on`;
    case 'unreadable-choice':
      return `Say again what you want: ${name} on, or ${name} off`;
    case 'test-runner':
      return 'It is off in tests only.';
    case 'child':
    case 'code':
    case 'default':
      return undefined; // nothing that a user could change
  }
}

/** What to do about a collector that was not reached, by what the runtime says of it. */
function reachAdvice(
  { error }: Extract<Reachability, { reached: false }>,
  { isImplicit, proxy }: Pick<Done, 'isImplicit' | 'proxy'>,
): string {
  if (isImplicit) {
    return 'Nobody has named a collector: start one here by "npx headcount-collector", or name yours in HEADCOUNT_ENDPOINT.';
  }
  if (proxy?.address !== undefined) {
    return `Look whether the proxy ${proxy.address} (${proxy.variable}) lets it through; NO_PROXY names what needs none.`;
  }
  if (/^(ENOTFOUND|EAI_)/.test(error)) return 'Look at the name in the address, and at your DNS.';
  if (/CERT|SELF_SIGNED|ISSUER|SIGNATURE|^ERR_TLS/.test(error)) {
    return 'Its certificate is not trusted here: tell whoever runs it, or name your own authority in NODE_EXTRA_CA_CERTS.';
  }
  if (error === 'ECONNREFUSED') return 'Nothing listens there: look at the address and its port.';
  return 'Look at the network, and whether it needs a proxy (HTTPS_PROXY). Reports wait until then.';
}
