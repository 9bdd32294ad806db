import type { VNode } from 'preact';
import { CausesText } from '../../frame/causes-text.js';
import { Icon } from '../../charts/icon.js';
import { type Language, useLanguage } from '../../language/language.js';
import type { HealthPart, SystemHealth } from '../../page/system-content.js';
import { usePage } from '../../page/use-page.js';

const ICONS = { ok: 'ok', warning: 'warn', failing: 'bad' } as const;

const CLASSES = { ok: undefined, warning: 'w', failing: 'x' } as const;

/** Each part with its value, since when it is so, and what to do if it is unwell. */
export function HealthTree({ health }: { readonly health: SystemHealth }): VNode {
  const { texts, formats } = useLanguage();
  const { system } = texts;
  const isShown = ({ isCritical, state }: HealthPart): boolean => isCritical || state !== 'ok';
  const shown = health.parts.filter(isShown);
  const others = health.parts.filter((part) => !isShown(part));
  return (
    <>
      <ul class="tree">
        {shown.map((part) => (
          <Part key={part.name} part={part} />
        ))}
      </ul>
      {others.length > 0 && (
        <details class="more-parts">
          <summary>{system.allWatched(formats.number(others.length))}</summary>
          <ul class="tree">
            {others.map((part) => (
              <Part key={part.name} part={part} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Part({ part }: { readonly part: HealthPart }): VNode {
  const language = useLanguage();
  const { frame } = usePage();
  const { system } = language.texts;
  const words = system.conditions[part.name];
  const { state, since, causes, link } = part;
  return (
    <li class={CLASSES[state]}>
      <Icon name={ICONS[state]} />
      <b>
        {words?.name ?? part.name}
        <span class="vh">: {system.states[state]}</span>
      </b>
      <span>
        {causes.length === 0 ? (
          valueText(part, language)
        ) : (
          <>
            <CausesText causes={causes} /> {words?.todo}{' '}
            {link !== null && (
              <a href={link} rel="external">
                {system.what}
              </a>
            )}
          </>
        )}
      </span>
      <small>
        {since !== null && (
          <time dateTime={since}>
            {system.since(language.formats.dayIn(since, frame.timezone ?? 'UTC'))}
          </time>
        )}
      </small>
    </li>
  );
}

/** `12 ms, limit 2 s`. */
function valueText({ value, unit, threshold }: HealthPart, language: Language): string {
  const { system } = language.texts;
  if (unit === null) return '';
  if (value === null) return system.unknown;
  const text = quantity(value, unit, language);
  // A limit of nothing says nothing, nor does that of nothing.
  if (threshold === null || threshold === 0 || value === 0) return text;
  return system.value(text, quantity(threshold, unit, language));
}

function quantity(
  value: number,
  unit: NonNullable<HealthPart['unit']>,
  { texts, formats }: Language,
): string {
  switch (unit) {
    case 'percent':
      return formats.share(value / 100);
    case 'bytes':
      return formats.bytes(value);
    case 'milliseconds':
      return formats.milliseconds(value);
    case 'seconds':
      return formats.duration(value * 1000);
    case 'count':
      return value === 0 ? texts.system.none : formats.number(value);
  }
}
