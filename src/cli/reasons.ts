import type { Status } from '../api.js';
import { ENDPOINT_FAULTS } from '../project/endpoint-faults.js';
import type { EndpointFault } from '../project/endpoint.js';
import type { Surroundings } from './surroundings.js';

/** What decides whether telemetry is on. */
export type Reason = NonNullable<Status['reason']>;

/** The status of a program, and what its user can do about it. */
export interface Situation {
  readonly status: Pick<Status, 'mode' | 'reason' | 'consent'>;
  /** What the user types before a command, such as `acme telemetry`. */
  readonly name: string;
  readonly surroundings: Surroundings;
}

/** A reason in words. */
export interface Explained {
  /** What it means, after “Telemetry is off:”. */
  readonly because: string;
  /** How to change it, as a sentence. */
  readonly toDo: string;
}

/** Says why telemetry is on, local or off, and what the user can do about it. */
export function explain(situation: Situation): Explained {
  const { reason, consent } = situation.status;
  return REASONS[reason ?? consent.rule](situation);
}

/** Every reason: what it means, and what to do. */
export const REASONS: Readonly<Record<Reason, (situation: Situation) => Explained>> = {
  default: ({ name }) => ({
    because: 'this is the default',
    toDo: `Turn it off:  ${name} off`,
  }),
  choice: byChoice,
  mode: byMode,
  environment({ status, surroundings }) {
    const { source = '' } = status.consent;
    const where = surroundings.variable('CI')
      ? 'the settings of this CI job'
      : 'your shell, its start-up files, or the program that starts it';
    return {
      because: `the variable ${source} is set to "${valueOf(source, surroundings)}"`,
      toDo: `Turn it on:  unset ${source}, or set it to 0. It comes from ${where}. While it is set, no other choice counts.`,
    };
  },
  'test-runner'({ status, surroundings }) {
    const { source = '' } = status.consent;
    const value = valueOf(source, surroundings);
    const isVariable = value !== '';
    return {
      because: `a test runner runs the program (${isVariable ? `${source} is "${value}"` : source})`,
      toDo: isVariable
        ? `It is off in tests only. Outside of tests, unset ${source}.`
        : 'It is off in tests only. Run the program without the test runner.',
    };
  },
  'unreadable-choice': ({ status: { consent }, name }) => ({
    because: `your choice in ${consent.source ?? 'a file'} cannot be read, so nothing is sent`,
    toDo: `Give your user the right to read that file, or choose again:  ${name} on, or ${name} off`,
  }),
  child: () => ({
    because:
      'the variable HEADCOUNT_CHILD is set, as in the processes that Headcount starts to send',
    toDo: 'Turn it on:  unset HEADCOUNT_CHILD.',
  }),
  code: () => ({
    because: 'the program turns it off in its code',
    toDo: 'Only a new version of the program can change this.',
  }),
  'no-project': () => ({
    because: 'no project was found',
    toDo: 'Name the program with --project. If the program itself says this, tell its author.',
  }),
  'endpoint-not-a-url': byEndpoint('not-a-url'),
  'endpoint-not-http': byEndpoint('not-http'),
  'endpoint-credentials': byEndpoint('credentials'),
  'endpoint-insecure': byEndpoint('insecure'),
  retired: () => ({
    because: 'the collector no longer accepts reports of this version (410)',
    toDo: 'Update the program.',
  }),
  'unreadable-environment': () => ({
    because: 'variables cannot be read, and one of them may turn it off',
    toDo: 'Run the program with --allow-env.',
  }),
  'files-missing': () => ({
    because: 'the files of headcount were deleted or replaced',
    toDo: 'Install the program again.',
  }),
  'unsupported-runtime': () => ({
    because: 'this runtime has no processes and no files',
    toDo: 'The program’s author can use headcount/edge there.',
  }),
  'broken-process': () => ({
    because: 'something that Headcount needs was removed from the process',
    toDo: 'Tell the author of the program: its code, or a dependency, removes parts of Node.js.',
  }),
};

function byChoice({ status: { mode, consent }, name, surroundings }: Situation): Explained {
  const { source = 'memory' } = consent;
  if (surroundings.isOthers(source)) {
    return {
      because: `it is the choice of another user (${source}), who has started this or owns this home folder`,
      toDo: `Only that user can turn it on, without sudo:  ${name} on`,
    };
  }
  const other = mode === 'off' ? 'on' : 'off';
  return { because: `it is your choice (${source})`, toDo: `Turn it ${other}:  ${name} ${other}` };
}

function byMode({ status: { mode, consent }, name }: Situation): Explained {
  if (mode === 'local') {
    return {
      because: 'the program keeps its reports on this machine',
      toDo: `Turn it off:  ${name} off`,
    };
  }
  const because =
    consent.source === 'opt-in'
      ? 'the program asks first, and you have not opted in'
      : 'the program turns it off until you turn it on';
  return { because, toDo: `Turn it on:  ${name} on` };
}

function byEndpoint(fault: EndpointFault): (situation: Situation) => Explained {
  return ({ surroundings }) => {
    const value = valueOf('HEADCOUNT_ENDPOINT', surroundings);
    return {
      because: `the endpoint is not ${ENDPOINT_FAULTS[fault]}`,
      toDo:
        value === ''
          ? 'If you did not name the endpoint, tell the author of the program.'
          : `Correct HEADCOUNT_ENDPOINT, which is "${value}", or unset it.`,
    };
  };
}

const MAX_SHOWN = 60;

/** A variable's value for a message, shortened and without a password. */
function valueOf(name: string, { variable }: Surroundings): string {
  const value = (variable(name) ?? '').replace(/^(.*:\/\/).*@/s, '$1…@');
  return value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
}
