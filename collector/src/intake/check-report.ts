import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ErrorCode } from '../errors.js';
import { findNul } from './find-forbidden.js';
import { MAX_ID_CHARACTERS, MAX_PROJECT_CHARACTERS } from '../rules/limits.js';

/**
 * The least that a report must have: the five fields of the first generation. Newer clients send
 * more. Fields that this release does not know are ignored and counted.
 */
export const reportInputSchema = Type.Object({
  anonymous_id: Type.String({ minLength: 1, maxLength: MAX_ID_CHARACTERS }),
  timestamp: Type.String(),
  project: Type.String({ minLength: 1, maxLength: MAX_PROJECT_CHARACTERS }),
  info: Type.Object({}),
  report_id: Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Null()])),
});

/** A report that passed the schema. */
export type ReportInput = Static<typeof reportInputSchema>;

/** Why a report is rejected. */
export interface Rejection {
  readonly code: ErrorCode;
  /** JSON pointer within the report. */
  readonly path: string;
  readonly detail: string;
  /** Whether it can succeed if it is sent again. */
  readonly retry: boolean;
}

export type CheckedReport =
  { readonly report: ReportInput } | { readonly report?: undefined; readonly rejection: Rejection };

const validator = Compile(reportInputSchema);

/** Checks one report of a body. */
export function checkReport(value: unknown): CheckedReport {
  const nul = findNul(value);
  if (nul !== undefined) {
    const detail = 'No text may have a NUL character.';
    return { rejection: { code: 'nul_character', path: nul.path, detail, retry: false } };
  }
  return validator.Check(value) ? { report: value } : { rejection: explain(value) };
}

function explain(value: unknown): Rejection {
  const [error] = validator.Errors(value);
  if (error === undefined) {
    return { code: 'wrong_type', path: '', detail: 'It cannot be read.', retry: false };
  }
  const { keyword, instancePath: path, message } = error;
  if (keyword === 'required') {
    const [missing = ''] = error.params.requiredProperties;
    const detail = `The field ${missing} is required.`;
    return { code: 'missing_field', path: `${path}/${missing}`, detail, retry: false };
  }
  const isLength = keyword === 'minLength' || keyword === 'maxLength';
  return {
    code: isLength ? 'out_of_bounds' : 'wrong_type',
    path,
    detail: `The ${path === '' ? 'report' : 'field'} ${message}.`,
    retry: false,
  };
}
