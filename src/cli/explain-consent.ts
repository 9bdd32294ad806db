import type { Status } from '../status.js';

/** Why telemetry is on or off, for people. */
export function explainConsent({ reason, consent }: Pick<Status, 'reason' | 'consent'>): string {
  const { mode, rule, source = '' } = consent;
  if (reason === 'gone') return 'the collector wants nothing of this version any more';
  if (reason === 'no-project') return 'no project was found to report for';
  if (reason?.startsWith('endpoint-')) return 'the endpoint cannot be used';
  switch (rule) {
    case 'child':
      return 'this is a process of Headcount’s own';
    case 'environment':
      return `the variable ${source} is set`;
    case 'code':
      return 'the program turns it off in its code';
    case 'test-runner':
      return `a test runner runs the program (${source})`;
    case 'choice':
      return `you have chosen so (${source})`;
    case 'unreadable-choice':
      return `your choice in ${source} cannot be read, which counts as no`;
    case 'mode':
      return mode === 'local'
        ? 'the program keeps its reports on this machine'
        : source === 'opt-in'
          ? 'the program asks first, and you have not said yes'
          : 'the program has it off until you turn it on';
    case 'default':
      return 'nobody has said otherwise';
  }
}
