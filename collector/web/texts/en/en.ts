import { versions } from './versions.js';
import { systems } from './systems.js';
import { features } from './features.js';
import { causes } from './causes.js';
import { charts } from './charts.js';
import { firstRun } from './first-run.js';
import { embeds } from './embeds.js';
import { frame } from './frame.js';
import { home } from './home.js';
import { live } from './live.js';
import { problem } from './problem.js';
import { publicPage } from './public.js';
import { quality } from './quality.js';
import { overview } from './overview.js';
import { range } from './range.js';
import { retention } from './retention.js';
import { settings } from './settings.js';
import { signIn } from './sign-in.js';
import { system } from './system.js';
import { yourData } from './your-data.js';

/** The English texts: one member for each part of the dashboard, from the file of its name. */
export const en = {
  causes,
  charts,
  embeds,
  features,
  firstRun,
  frame,
  home,
  live,
  overview,
  problem,
  publicPage,
  quality,
  range,
  retention,
  settings,
  signIn,
  system,
  systems,
  versions,
  yourData,
};

/** What every language has a text for. */
export type Texts = typeof en;
