import { DAY_MS } from '../rules/day.js';
import type { Certificate } from '../tls/open-certificate.js';
import { reasonOf, told, type ToldCause } from './causes.js';
import { CONDITIONS, type Finding } from './conditions.js';

/** Examines how long the certificate is valid, and whether its renewal can be used. */
export function examineCertificate(
  { pair, refused }: Pick<Certificate, 'pair' | 'refused'>,
  now: Date,
): Finding {
  const leftMs = pair.validTo.getTime() - now.getTime();
  const value = Math.round(leftMs / 1000);
  const causes = [describeEnd(pair.validTo, leftMs), describeRefused(refused)].filter(
    (one) => one !== undefined,
  );
  if (causes.length === 0) return { value };
  return { value, ...reasonOf(causes), since: refused?.since };
}

function describeEnd(validTo: Date, leftMs: number): ToldCause | undefined {
  const at = validTo.toISOString();
  if (leftMs <= 0) return told('certificate_expired', `The certificate expired at ${at}.`, { at });
  if (leftMs > CONDITIONS.certificate.threshold * 1000) return undefined;
  const days = Math.floor(leftMs / DAY_MS);
  const text = `The certificate expires at ${at}, in ${days} days.`;
  return told('certificate_expires', text, { at, days });
}

const describeRefused = (refused: Certificate['refused']): ToldCause | undefined =>
  refused &&
  told(
    'certificate_refused',
    `The new certificate cannot be used: ${refused.why} (${refused.code}).`,
    { error: `${refused.why} (${refused.code})` },
  );
