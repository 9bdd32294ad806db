import type { Morning } from '../morning/morning.js';
import { morningText } from '../morning/morning-text.js';
import { toTable } from '../morning/to-table.js';
import { toPrintable } from '../to-printable.js';
import { wrapText } from '../wrap-text.js';

/** How many people had a version in a week, and in the week before. */
export interface VersionUse {
  readonly version: string;
  readonly people: number;
  readonly before: number;
}

/** A project, as the digest shows it. */
export interface DigestProject {
  readonly project: string;
  readonly morning: Morning;
  /** Those with most people first. */
  readonly versions: readonly VersionUse[];
}

/** What a digest tells. */
export interface DigestContent {
  readonly projects: readonly DigestProject[];
  /** Projects that have no day yet, or are beyond those that are shown. */
  readonly projectsLeftOut: number;
  /** What is wrong with the collector now. */
  readonly conditions: readonly { readonly name: string; readonly reason: string }[];
}

/** Writes the digest: counts, and no more of anybody than a count. */
export function digestText({ projects, projectsLeftOut, conditions }: DigestContent): string {
  const odd = [
    ...conditions.map(({ name, reason }) => `${name}: ${reason}`),
    ...projects.flatMap(({ project, morning }) =>
      morning.warnings.map(({ text }) => `${project}: ${text}`),
    ),
  ].map((line) => `${wrapText(toPrintable(line), '! ', 2)}\n`);
  return [
    odd.length === 0 ? 'Nothing odd has been found.\n' : odd.join(''),
    ...(projects.length === 0 ? ['\nNo project has a whole day to show.\n'] : []),
    ...projects.map(
      ({ project, morning, versions }) => morningText(project, morning) + versionsText(versions),
    ),
    ...(projectsLeftOut === 0 ? [] : [`\nFurther projects: ${projectsLeftOut}.\n`]),
  ].join('');
}

function versionsText(versions: readonly VersionUse[]): string {
  if (versions.length === 0) return '';
  const rows = versions.map(({ version, people, before }) => [
    ...[toPrintable(version), String(people), String(before)],
  ]);
  return `\n${toTable([['version, 7 days', 'people', 'before'], ...rows])}`;
}
