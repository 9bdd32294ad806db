// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { postReports } from '../collector/post-reports.mjs';
import { reportOf } from '../collector/reports.mjs';

const EVERY_MS = 20;
const PEOPLE = 1000;

/**
 * Sends reports, one after the other, until it is ended.
 *
 * @param {string} url
 * @param {string} project
 */
export function keepReporting(url, project) {
  let [acknowledged, isEnded] = [0, false];
  const next = () => ({ ...reportOf(acknowledged % PEOPLE, new Date()), project });
  const report = async () => {
    while (!isEnded) {
      await postReports(url, 1, next, () => undefined);
      acknowledged += 1;
      await pause(EVERY_MS);
    }
  };
  const done = report();
  return {
    /** @returns how many were acknowledged */
    end: async () => {
      isEnded = true;
      await done;
      return acknowledged;
    },
  };
}
