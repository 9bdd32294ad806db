import { eventLines } from '../testing/describe-arrivals.js';
import { needlessHeaders } from '../testing/needless-headers.js';
import { personalIn } from '../testing/personal.js';
import { undeclaredIn } from '../testing/undeclared.js';
import type { ManifestEvents } from '../wire/manifest.js';
import type { Observations } from './observe.js';
import { broken, kept, type Kept } from './promise.js';

/** What may be reported. */
export interface ReadManifest {
  readonly file: string;
  /** `undefined` if there is no such file, or it is no manifest: `fault` says which. */
  readonly manifest: { readonly project: string; readonly events: ManifestEvents } | undefined;
  readonly fault: string | undefined;
}

/** Lists of faults are cut here. */
const MAX_FAULTS = 10;

/** What a program reports, and in which requests. */
export function reportPromises(seen: Observations, read: ReadManifest): Kept[] {
  return [arrives(seen), undropped(declared(seen, read), seen), personal(seen), headers(seen)];
}

function arrives({ reports, requests, onFiles, on }: Observations): Kept {
  const runs = on.length + 1;
  const projects = [...new Set(reports.map(({ project }) => project))].join(', ');
  if (reports.length > 0) {
    const text = `${reports.length} reports of ${projects} from ${runs} runs`;
    return kept('arrives', text, { details: eventLines(reports) });
  }
  const refused = requests.filter(({ status = 0 }) => status >= 300);
  if (refused.length > 0) {
    return broken('arrives', `no report was accepted, of ${refused.length} requests`, {
      details: [...new Set(refused.map(({ status }) => `status ${status}`))],
      advice: 'The requests are not what docs/protocol.md asks for.',
    });
  }
  return onFiles.length > 0
    ? broken('arrives', `no report arrived from ${runs} runs, but something was recorded`, {
        advice:
          'It waits to be sent: where no process can be started at exit (Bun, Deno, executables), await close() at the end. If the program shows a notice first, does it call notice()?',
      })
    : broken('arrives', `no report arrived from ${runs} runs, and nothing was recorded`, {
        advice:
          'Does this command call track()? If the program asks people first (mode: "opt-in"), add --opt-in. "status().consent" in the program says what turns it off.',
      });
}

function declared({ reports }: Observations, { file, manifest, fault }: ReadManifest): Kept {
  if (reports.length === 0) return nothing('declared');
  const faults = counted(reports.map((report) => undeclaredIn(report, manifest ?? { events: {} })));
  if (manifest === undefined) {
    return faults.length === 0 && fault === undefined
      ? kept('declared', 'nothing but startup and alive, which need no manifest')
      : broken('declared', fault ?? `there is no ${file} here, and more than startup came`, {
          details: faults,
          advice: 'Write it with "npx headcount manifest", or name it with --manifest.',
        });
  }
  const others = [...new Set(reports.map(({ project }) => project))]
    .filter((project) => project !== manifest.project)
    .map((project) => `reports are of "${project}", and the manifest of "${manifest.project}"`);
  return [...faults, ...others].length === 0
    ? kept('declared', `every event, field and value is in ${file}`)
    : broken('declared', `reports have what ${file} does not`, {
        details: [...faults, ...others],
        advice: 'Declare it, and write the manifest anew with "npx headcount manifest".',
      });
}

/** The reasons of `status().dropped` that are mistakes in the program's calls. */
const UNDECLARED = ['undeclared-event', 'undeclared-field', 'invalid-value'];

/** Adds what Headcount left out in the program because it is not declared: it does not arrive. */
function undropped(found: Kept, { drops }: Observations): Kept {
  if (drops === undefined) {
    return {
      ...found,
      details: [
        ...found.details,
        'what Headcount leaves out in the program was not seen: no Node.js process of it has told its status()',
      ],
    };
  }
  const left = Object.entries({ ...drops.dropped, ...drops.droppedFields })
    .filter(([reason]) => UNDECLARED.includes(reason))
    .map(([reason, count]) => `${reason}: ${count} in one run, by status()`);
  if (left.length === 0) return found;
  const text = found.ok
    ? 'the program tracks what it has not declared, which is left out'
    : found.text;
  return broken('declared', text, {
    details: [...found.details, ...left],
    advice:
      'Declare each event, field and value in the option events, or correct the call of track().',
  });
}

function personal({ reports, drops }: Observations): Kept {
  if (reports.length === 0) return nothing('personal');
  const replaced = Object.entries(drops?.sanitized ?? {}).map(
    ([what, count]) => `${what} was replaced: ${count} in one run, by status()`,
  );
  const faults = [...counted(reports.map(personalIn)), ...replaced];
  return faults.length === 0
    ? kept('personal', 'nothing looks like personal data')
    : broken('personal', 'reports have what looks like personal data', {
        details: faults,
        advice:
          'Report a word of a list that you have written, never what a person typed or named.',
      });
}

function headers({ requests }: Observations): Kept {
  if (requests.length === 0) return nothing('headers');
  const faults = counted(requests.map(needlessHeaders));
  return faults.length === 0
    ? kept('headers', 'requests have only the headers that they need')
    : broken('headers', 'requests tell more than they need', {
        details: faults,
        advice: 'Send no more than docs/protocol.md lists.',
      });
}

/** Of nothing, nothing is wrong; the first promise says that nothing came. */
const nothing = (name: string): Kept => kept(name, 'nothing came to look at');

function counted(faults: readonly (readonly string[])[]): string[] {
  const all = [...new Set(faults.flat())];
  return all.length > MAX_FAULTS
    ? [...all.slice(0, MAX_FAULTS), `and ${all.length - MAX_FAULTS} more`]
    : all;
}
