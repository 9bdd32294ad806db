import type { CollectorFailure } from '../../delivery/answers.js';
import type { KnownCollector } from '../../delivery/known-collectors.js';
import type { TaskParts } from './task.js';

/** Why it is not known which collectors to ask. */
export type UnknownCollectors = 'unreadable' | 'unknown-collector';

const UNKNOWN: Record<UnknownCollectors, string> = {
  unreadable: 'the ID that is kept here cannot be read; `doctor` tells where it is',
  'unknown-collector':
    'an ID is kept here, and nothing tells which collector has reports of it; name it with `--endpoint`',
};

/** The error for it. */
export const whyUnknown = (why: UnknownCollectors): string => UNKNOWN[why];

const GIVEN =
  'HEADCOUNT_ANONYMOUS_ID gives the ID here, and only the program that made it can prove whose it is; unset it, or run the command where that program runs';
const NOT_KEPT =
  'this install can keep no secret that proves which data are yours (it has no home folder, or its storage ends with the process); ask who runs the collector';

/** Why no collector can be asked about this user, if so. */
export function obstacleTo({ job }: Pick<TaskParts, 'job'>): string | undefined {
  if (job.asked?.givenId !== undefined) return GIVEN;
  return job.isPersistent ? undefined : NOT_KEPT;
}

/** The answer for a collector that cannot be asked. */
export const noProof = ({ endpoint, anonymousId }: KnownCollector): CollectorFailure => ({
  ok: false,
  collector: endpoint.url,
  anonymousId,
  reason: 'no-proof',
  error: `cannot be asked: the secret of your ID is missing here; tell who runs it that your ID is ${anonymousId}`,
});

/** What has failed, in one line. */
export const whyNot = (answers: readonly ({ readonly ok: true } | CollectorFailure)[]): string =>
  answers
    .flatMap((answer) => (answer.ok ? [] : [`${answer.collector} ${answer.error}`]))
    .join('; ');
