// @ts-check
import os from 'node:os';

/** What the figures were measured on. */
export const describeMachine = () => ({
  cpu: os.cpus()[0]?.model.trim() || 'unknown',
  cores: os.availableParallelism(),
  memoryGb: Math.round(os.totalmem() / 1024 ** 3),
  kernel: `${os.type()} ${os.release()}`,
  node: process.version,
});
