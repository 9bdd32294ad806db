import type { Schema } from '../../../sqlite/migrate.js';
import { addDimensions } from '../add-dimensions.js';
import { fillAges } from '../fill-ages.js';
import { fillNewestVersions } from '../fill-newest-versions.js';
import { fillUsers } from '../rebuild-rollups.js';
import { counts } from './0001-counts.js';
import { tombstones } from './0002-tombstones.js';
import { rollups } from './0003-rollups.js';
import { recent } from './0004-recent.js';
import { owners } from './0005-owners.js';
import { newPeople } from './0006-new-people.js';
import { places } from './0007-places.js';
import { keptDays } from './0008-kept-days.js';
import { about } from './0009-about.js';
import { cleanings } from './0010-cleanings.js';
import { channelAndLevel } from './0011-channel-and-level.js';
import { said } from './0012-said.js';
import { country } from './0013-country.js';
import { age } from './0014-age.js';
import { hours } from './0015-hours.js';
import { newestVersions } from './0016-newest-versions.js';

/** The schema of `counts.db`. */
export const COUNTS_SCHEMA: Schema = {
  file: 'counts.db',
  migrations: [
    { name: 'counts', sql: counts },
    { name: 'tombstones', sql: tombstones },
    { name: 'rollups', sql: rollups, move: fillUsers },
    { name: 'recent', sql: recent },
    { name: 'owners', sql: owners },
    { name: 'new_people', sql: newPeople },
    { name: 'places', sql: places },
    { name: 'kept-days', sql: keptDays },
    { name: 'about', sql: about },
    { name: 'cleanings', sql: cleanings },
    { name: 'channel-and-level', sql: channelAndLevel, move: addDimensions },
    { name: 'said', sql: said },
    { name: 'country', sql: country, move: addDimensions },
    { name: 'age', sql: age, move: fillAges },
    { name: 'hours', sql: hours },
    { name: 'newest-versions', sql: newestVersions, move: fillNewestVersions },
  ],
};
