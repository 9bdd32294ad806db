import { DAY_MS } from '../rules/day.js';
import type { Certificate } from '../tls/open-certificate.js';
import { CONDITIONS, type Finding } from './conditions.js';

/** Examines how long the certificate is valid, and whether its renewal can be used. */
export function examineCertificate(
  { pair, refused }: Pick<Certificate, 'pair' | 'refused'>,
  now: Date,
): Finding {
  const leftMs = pair.validTo.getTime() - now.getTime();
  const value = Math.round(leftMs / 1000);
  const reasons = [describeEnd(pair.validTo, leftMs), describeRefused(refused)];
  const reason = reasons.filter((one) => one !== undefined).join(' ');
  if (reason === '') return { value };
  return { value, reason, since: refused?.since };
}

function describeEnd(validTo: Date, leftMs: number): string | undefined {
  if (leftMs <= 0) return `The certificate expired at ${validTo.toISOString()}.`;
  if (leftMs > CONDITIONS.certificate.threshold * 1000) return undefined;
  return `The certificate expires at ${validTo.toISOString()}, in ${Math.floor(leftMs / DAY_MS)} days.`;
}

const describeRefused = (refused: Certificate['refused']): string | undefined =>
  refused && `The new certificate cannot be used: ${refused.why} (${refused.code}).`;
