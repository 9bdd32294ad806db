import type { NoChildReason } from '../platform/platform.js';

/** What keeps a program from starting a process, and what to do about it. */
export interface Obstacle {
  readonly text: string;
  readonly advice: string;
}

/** Every reason why no process can be started when a program ends. */
export const OBSTACLES: Readonly<Record<NoChildReason, Obstacle>> = {
  runtime: {
    text: 'this is not plain Node.js, which alone can run a script in a new process',
    advice: 'The program can await close() before it ends.',
  },
  'first-process': {
    text: 'this is the first process of a container, with which all others end',
    advice: 'The program can await close() before it ends, or its author can set exitBudgetMs.',
  },
  container: {
    text: 'a process might end with this container, and the program may wait instead',
    advice: 'The program can await close() before it ends.',
  },
  'own-storage': {
    text: 'the program keeps its ID or its queue in a storage of its own, which no process can read',
    advice: 'The program can await close() before it ends.',
  },
  memory: {
    text: 'the process has so much memory that starting another one would stall it',
    advice: 'The program can await close() before it ends.',
  },
  permission: {
    text: 'the permission model of Node.js forbids it',
    advice: 'Allow it by --allow-child-process.',
  },
  'task-limit': {
    text: 'the limits of this session leave too few tasks (pids.max, ulimit -u)',
    advice: 'Raise the limit by 24 tasks, such as with docker run --pids-limit.',
  },
  descriptors: {
    text: 'the open descriptors of the process are unknown or too many',
    advice: 'Make /proc readable, or close descriptors above 1000.',
  },
  'no-sender': {
    text: 'the sender’s code is missing, or no temporary copy of it can be made',
    advice: 'Install the program again, or let TMPDIR name a folder that can be written.',
  },
  'spawn-failed': {
    text: 'the system refuses to start a process, or would not let it connect as the program does',
    advice: 'Look at the limits of this session, and at what LD_PRELOAD names.',
  },
};
