import { versions } from './versions.js';
import { systems } from './systems.js';
import { features } from './features.js';
import type { Texts } from '../en/en.js';
import { charts } from './charts.js';
import { firstRun } from './first-run.js';
import { frame } from './frame.js';
import { home } from './home.js';
import { live } from './live.js';
import { quality } from './quality.js';
import { overview } from './overview.js';
import { range } from './range.js';
import { retention } from './retention.js';
import { settings } from './settings.js';
import { system } from './system.js';

export const zh: Texts = {
  charts,
  features,
  firstRun,
  frame,
  home,
  live,
  overview,
  quality,
  range,
  retention,
  settings,
  system,
  systems,
  versions,
};
