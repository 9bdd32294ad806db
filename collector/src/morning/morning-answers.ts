import { isRecord } from '../is-record.js';

/** A day of `GET /v1/stats/growth`, as far as it is read here. */
export interface GrowthRow {
  readonly date: string;
  readonly complete: boolean;
  readonly active: number;
  readonly active_before: number;
  readonly new: number;
  readonly resurrected: number;
  readonly lost: number;
}

/** The answer to `GET /v1/stats/growth`. */
export interface GrowthAnswer {
  readonly timezone: string;
  readonly unusual: readonly string[];
  readonly rows: readonly GrowthRow[];
}

/** The answer to `GET /v1/stats/forecast`. */
export interface ForecastAnswer {
  readonly rows: readonly {
    readonly date: string;
    readonly low: number | null;
    readonly high: number | null;
    readonly observed: number | null;
    readonly flags: readonly string[];
    readonly reasons: readonly { readonly kind: string; readonly text: string }[];
  }[];
}

/** The answer to `GET /v1/stats/annotations`. */
export interface AnnotationsAnswer {
  readonly rows: readonly {
    readonly date: string;
    readonly to: string;
    readonly kind: string;
    readonly text: string;
  }[];
}

/** The answer to `GET /v1/stats/silence`: the project first, then its events and fields. */
export interface SilenceAnswer {
  readonly rows: readonly {
    readonly kind: string;
    readonly state: string;
    readonly text: string;
  }[];
}

/** The answer to `GET /v1/stats/quality`. */
export interface QualityAnswer {
  readonly accepted: number;
  readonly uncountable: number;
  readonly lost_in_restore: number;
  readonly unknown_losses: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly full_places: readonly { readonly project: string; readonly dimension: string | null }[];
}

const areNumbers = (record: Readonly<Record<string, unknown>>, names: readonly string[]): boolean =>
  names.every((name) => typeof record[name] === 'number');

const areTexts = (row: Readonly<Record<string, unknown>>, names: readonly string[]): boolean =>
  names.every((name) => typeof row[name] === 'string');

const areRows = (
  body: unknown,
  isRow: (row: Readonly<Record<string, unknown>>) => boolean,
): boolean =>
  isRecord(body) &&
  Array.isArray(body['rows']) &&
  body['rows'].every((row) => isRecord(row) && isRow(row));

export const isGrowth = (body: unknown): body is GrowthAnswer =>
  areRows(
    body,
    (row) =>
      areTexts(row, ['date']) &&
      typeof row['complete'] === 'boolean' &&
      areNumbers(row, ['active', 'active_before', 'new', 'resurrected', 'lost']),
  ) &&
  isRecord(body) &&
  typeof body['timezone'] === 'string' &&
  Array.isArray(body['unusual']);

export const isForecast = (body: unknown): body is ForecastAnswer =>
  areRows(
    body,
    (row) =>
      areTexts(row, ['date']) && Array.isArray(row['flags']) && Array.isArray(row['reasons']),
  );

export const isAnnotations = (body: unknown): body is AnnotationsAnswer =>
  areRows(body, (row) => areTexts(row, ['date', 'to', 'kind', 'text']));

export const isSilence = (body: unknown): body is SilenceAnswer =>
  areRows(body, (row) => areTexts(row, ['kind', 'state', 'text']));

export const isQuality = (body: unknown): body is QualityAnswer =>
  isRecord(body) &&
  areNumbers(body, ['accepted', 'uncountable', 'lost_in_restore', 'unknown_losses']) &&
  isRecord(body['rejected']) &&
  Object.values(body['rejected']).every((n) => typeof n === 'number') &&
  Array.isArray(body['full_places']) &&
  body['full_places'].every((place) => isRecord(place) && typeof place['project'] === 'string');
