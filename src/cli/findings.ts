import type { DiagnoseResult, Reachability } from '../delivery/answers.js';
import type { Status } from '../api.js';
import { OBSTACLES } from '../delivery/obstacles.js';
import { explain, type Situation } from './reasons.js';
import { adviceFor } from './warnings.js';

/** The state of one step, and what to do if there is a problem. */
export interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly advice?: string;
}

type Done = Extract<DiagnoseResult, { ok: true }>;

/** A clock that is wrong by more than this gets a note. */
const MAX_SKEW_MS = 5 * 60_000;

/**
 * What the status says: whether telemetry is on, the author's warnings, and the endpoint.
 *
 * @param endpointFrom - where the endpoint comes from, if set-up cannot tell
 */
export function statusFindings(
  situation: Situation & { readonly status: Status },
  endpointFrom: string | undefined,
): Finding[] {
  const { status, name } = situation;
  const { because, toDo } = explain(situation);
  return [
    {
      part: 'consent',
      state: status.mode === 'on' ? 'ok' : 'note',
      text: `${status.mode}: ${because}`,
      ...(status.mode !== 'on' && { advice: toDo }),
    },
    ...status.warnings.map((warning): Finding => {
      const part = warning.reason === 'notice-not-shown' ? 'notice' : 'warning';
      return { part, state: 'note', text: warning.text, advice: adviceFor(warning, name) };
    }),
    {
      part: 'endpoint',
      state: 'ok',
      text: `${status.endpoint ?? 'none'}${endpointFrom === undefined ? '' : ` (from ${endpointFrom})`}`,
    },
  ];
}

/** The findings of a diagnosis, in the order in which a report passes the steps. */
export function findings(status: Status, diagnosis: Done): Finding[] {
  return [
    idFinding(diagnosis),
    ...folderFindings(status, diagnosis),
    outboxFinding(status, diagnosis),
    ...planFindings(status, diagnosis),
    ...leaseFindings(diagnosis),
    ...deliveryFindings(status, diagnosis),
    ...collectorFindings(status, diagnosis),
  ];
}

function folderFindings({ mode }: Status, { folders }: Done): Finding[] {
  if (folders.length === 0 && mode !== 'off') {
    return [
      {
        part: 'folder',
        state: 'note',
        text: 'none: there is no home folder, or the program has a storage of its own',
        advice:
          'Without a home folder, reports are in memory, and each run counts as another user.',
      },
    ];
  }
  return folders.map(({ folder, isWritable, error = '' }) =>
    isWritable
      ? { part: 'folder', state: 'ok', text: `${folder} can be written` }
      : {
          part: 'folder',
          state: 'problem',
          text: `${folder} cannot be written (${error})`,
          advice: `${/ENOSPC|EDQUOT/.test(error) ? 'Free some disk space.' : 'Give your user the right to write to it.'} Until then, reports are kept in memory and not for a later run.`,
        },
  );
}

/** Whether a process sends what is left when the program ends. */
function planFindings({ mode }: Status, { plan }: Done): Finding[] {
  const { obstacle, exitProcessNotBefore: notBefore } = plan;
  if (mode !== 'on') return [];
  if (obstacle) {
    const { text, advice } = OBSTACLES[obstacle];
    const { exitBudgetMs } = plan;
    if (exitBudgetMs !== undefined) {
      const instead = `the program waits up to ${exitBudgetMs} ms at its end, for a thread to send what is left`;
      return [{ part: 'exit', state: 'ok', text: `${instead} (${text})` }];
    }
    return [
      {
        part: 'exit',
        state: 'note',
        text: `no process can be started at the end: ${text}`,
        advice,
      },
    ];
  }
  if (!plan.hasExitProcess) {
    const text = 'no process is started at the end, because no collector is named';
    return [{ part: 'exit', state: 'ok', text }];
  }
  if (plan.mayEndEarly) {
    return [
      {
        part: 'exit',
        state: 'note',
        text: 'a process sends what is left when the program ends, and may end with this container before it has sent',
        advice: 'The program can await close() before it ends, or its author can set exitBudgetMs.',
      },
    ];
  }
  const text =
    notBefore === undefined
      ? 'a process sends what is left when the program ends'
      : `another run has just started a process; the next one is started after ${notBefore}`;
  return [{ part: 'exit', state: 'ok', text }];
}

function outboxFinding({ mode }: Status, { waitingSegments: files }: Done): Finding {
  if (files === undefined) {
    const advice = 'Give your user the right to read the outbox.';
    return { part: 'outbox', state: 'problem', text: 'it cannot be read', advice };
  }
  if (files === 0) return { part: 'outbox', state: 'ok', text: 'no reports are queued' };
  const queued =
    files === 1 ? '1 file of reports is queued' : `${files} files of reports are queued`;
  return mode === 'on'
    ? {
        part: 'outbox',
        state: 'ok',
        text: queued,
        advice: 'The next run of the program that sends reports will send them too.',
      }
    : { part: 'outbox', state: 'ok', text: `${queued} and will not be sent` };
}

const ID_TEXTS: Readonly<Record<Done['idSource'], string>> = {
  none: 'none yet: the first report makes it',
  machine: 'made from this machine, for this program alone (machine)',
  time: 'random (time)',
  copied: 'made again, because the home folder came from another machine (copied)',
  given: 'set in HEADCOUNT_ANONYMOUS_ID (given)',
  ci: 'the CI system’s ID (ci)',
  unreadable: 'the stored ID cannot be read, so each report gets a new one',
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
      text: 'the collector no longer accepts reports of this version (410)',
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
    const text = 'not checked, because telemetry is not on';
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
          text: `${endpoint} answers with an error (${status})`,
          advice: 'Reports stay queued until it works again. Tell its operator.',
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
  if (address !== undefined && !proxy.isUnsupported) {
    return [{ part: 'proxy', state: 'ok', text: `${address} is used (${variable})` }];
  }
  const what = address === undefined ? 'the address of a proxy' : `a supported proxy (${address})`;
  const text = `${variable} is not ${what}, so nothing is sent`;
  const advice =
    'Set it to an address such as http://proxy.example.com:3128 (https:// and socks5:// work too), unset it, or add the collector’s host to NO_PROXY.';
  return [{ part: 'proxy', state: 'problem', text, advice }];
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
    advice: 'Set the clock. Reports are counted on the right day anyway.',
  };
}

/** What to do about a collector that was not reached, by the runtime's error code. */
function reachAdvice(
  { error }: Extract<Reachability, { reached: false }>,
  { isImplicit, proxy }: Pick<Done, 'isImplicit' | 'proxy'>,
): string {
  if (isImplicit) {
    return 'No collector is configured: start one with "npx headcount-collector serve", or set HEADCOUNT_ENDPOINT to the address of yours.';
  }
  if (proxy?.address !== undefined && !proxy.isUnsupported) {
    return `Check whether the proxy ${proxy.address} (${proxy.variable}) allows the connection, or add the host to NO_PROXY.`;
  }
  if (/^(ENOTFOUND|EAI_)/.test(error)) return 'Check the host name in the address, and your DNS.';
  if (/EXPIRED|NOT_YET_VALID/.test(error)) {
    return 'Its certificate is not valid at the time of this machine’s clock: set the clock, or tell its operator.';
  }
  if (/CERT|SELF_SIGNED|ISSUER|SIGNATURE|^ERR_TLS/.test(error)) {
    return 'Its certificate is not trusted here: tell its operator, or set NODE_EXTRA_CA_CERTS to your certificate authority.';
  }
  if (error === 'ECONNREFUSED') return 'Nothing listens there: check the address and its port.';
  return 'Check the network, and whether it needs a proxy (HTTPS_PROXY). Reports stay queued.';
}
