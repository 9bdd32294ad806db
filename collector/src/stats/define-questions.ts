import { defineAdoption } from './adoption-route.js';
import { defineAnnotations } from './annotations-route.js';
import { defineBreakdown } from './breakdown-route.js';
import type { Define } from './define-question.js';
import { defineForecast } from './forecast-route.js';
import { defineGrowth } from './growth-route.js';
import { defineQuality } from './quality-route.js';
import { defineRetention } from './retention-route.js';
import { defineSilence } from './silence-route.js';
import { defineSummary } from './summary.js';
import { defineSupport } from './support-route.js';
import { defineTimeseries } from './timeseries-route.js';

/** Defines every question that is answered in a thread of questions. */
export function defineQuestions(define: Define): void {
  defineSummary(define);
  defineTimeseries(define);
  defineBreakdown(define);
  defineRetention(define);
  defineAdoption(define);
  defineGrowth(define);
  defineSupport(define);
  defineForecast(define);
  defineAnnotations(define);
  defineSilence(define);
  defineQuality(define);
}
