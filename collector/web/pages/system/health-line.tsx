import type { VNode } from 'preact';
import { Icon } from '../../charts/icon.js';
import { useLanguage } from '../../language/language.js';
import type { SystemHealth } from '../../page/system-content.js';

/** All well, or the one worst thing. */
export function HealthLine({ health }: { readonly health: SystemHealth }): VNode {
  const { texts, formats } = useLanguage();
  const { system } = texts;
  const { parts, uptimeSeconds, version } = health;
  const nameOf = (name: string): string => system.conditions[name]?.name ?? name;
  const failing = parts.find(({ state }) => state === 'failing');
  const warning = parts.find(({ state }) => state === 'warning');
  const well = parts.filter(({ state }) => state === 'ok').length;
  return (
    <p class={failing ? 'status bad' : warning ? 'status warn' : 'status'}>
      <strong>
        <Icon name={failing ? 'bad' : warning ? 'warn' : 'ok'} />
        {failing
          ? system.fails(nameOf(failing.name))
          : warning
            ? system.warns(nameOf(warning.name))
            : system.allWell}
      </strong>
      <span>{system.partsWell(formats.number(well), formats.number(parts.length))}</span>
      {uptimeSeconds !== null && <span>{system.up(formats.duration(uptimeSeconds * 1000))}</span>}
      {version !== null && <span>{system.version(version)}</span>}
    </p>
  );
}
