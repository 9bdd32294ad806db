import type { Static } from 'typebox';
import type { annotationsSchema } from '../../stats/annotations-route.js';
import type { breakdownSchema } from '../../stats/breakdown-route.js';
import type { growthSchema } from '../../stats/growth-route.js';
import type { qualitySchema } from '../../stats/quality-route.js';
import type { supportSchema } from '../../stats/support-route.js';
import type { timeseriesSchema } from '../../stats/timeseries-route.js';

export type { ForecastAnswer } from '../../stats/forecast-answer.js';
export type { SilenceAnswer } from '../../stats/silence-answer.js';

export type AnnotationsAnswer = Static<typeof annotationsSchema>;
export type BreakdownAnswer = Static<typeof breakdownSchema>;
export type GrowthAnswer = Static<typeof growthSchema>;
export type QualityAnswer = Static<typeof qualitySchema>;
export type SupportAnswer = Static<typeof supportSchema>;
export type TimeseriesAnswer = Static<typeof timeseriesSchema>;
