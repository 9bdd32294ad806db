import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';
import { Menu } from './menu.js';

/** Of which moment the figures are; and the zone that moments are written in. Days keep theirs. */
export function Clock(): VNode | null {
  const { texts, formats } = useLanguage();
  const { frame, href } = usePage();
  const { asOf, timezone, clock } = frame;
  const own = useOwnZone();
  if (asOf === null || timezone === null) return null;
  const zones = [...new Set([timezone, 'UTC', ...(own === null ? [] : [own])])];
  const label = <time dateTime={asOf}>{texts.range.asOf(formats.time(asOf, clock), clock)}</time>;
  if (zones.length === 1) return <span class="quiet">{label}</span>;
  return (
    <Menu class="quiet" label={label}>
      <p class="small quiet">{texts.range.zones}</p>
      <ul>
        {zones.map((zone) => (
          <li key={zone}>
            <a
              href={href({ zone: zone === timezone ? undefined : zone })}
              aria-current={zone === clock ? 'true' : undefined}
            >
              {zone === timezone ? texts.range.zoneOfDays(zone) : zone}
            </a>
          </li>
        ))}
      </ul>
    </Menu>
  );
}

/** The browser's zone; `null` on the server, and until the page is hydrated. */
function useOwnZone(): string | null {
  const [zone, setZone] = useState<string | null>(null);
  useEffect(() => setZone(Intl.DateTimeFormat().resolvedOptions().timeZone), []);
  return zone;
}
