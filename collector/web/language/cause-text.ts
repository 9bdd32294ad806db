import type { Cause } from '../page/cause.js';
import type { CauseFigures } from '../texts/en/causes.js';
import type { Language } from './language.js';

/** Says what a code means, in the page's language. Moments are those of a time zone. */
export function causeText(
  { code, values }: Cause,
  { texts, formats }: Language,
  zone: string,
): string {
  const figures = new Proxy(values, {
    get: (_, name: string) => {
      const value = values[name] ?? '';
      if (MOMENTS.includes(name)) return value === '' ? '' : formats.moment(String(value), zone);
      if (typeof value === 'string') return value;
      if (name === 'percent') return formats.share(value / 100);
      if (name === 'bytes') return formats.bytes(value);
      const unit = UNITS_MS[name];
      return unit === undefined ? formats.number(value) : formats.duration(value * unit);
    },
  });
  return texts.causes[code]?.(figures as CauseFigures) ?? code;
}

const MOMENTS: readonly string[] = ['since', 'at', 'last_at', 'from', 'to'];

const UNITS_MS: Readonly<Record<string, number>> = {
  ...{ limit_ms: 1, seconds: 1000, hours: 3_600_000 },
};
