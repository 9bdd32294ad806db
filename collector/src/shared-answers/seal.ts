import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** Hides what goes into a cache, and tells whether something else comes back. */
export interface Seal {
  /** The name under which the cache has what belongs to a key. It tells nothing of the key. */
  nameOf(key: string): string;
  /** Encrypts a text for one name. */
  seal(name: string, text: Uint8Array): Buffer;
  /** @returns `undefined` for what was not sealed with the same pepper for this name. */
  open(name: string, sealed: Uint8Array): Buffer | undefined;
}

/** The names of all values, so that a cache can restrict an account to them. */
const PREFIX = 'headcount:';

const FORMAT = 1;

const CIPHER = 'aes-256-gcm';

const NONCE_BYTES = 12;

const TAG_BYTES = 16;

/** What a sealed text is longer by, in bytes. */
export const SEAL_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * Creates the seal of all collectors that have one pepper. Each name has a key of its own: so no key
 * meets the bound of AES-GCM for random nonces, and a value under another name is not opened.
 */
export function createSeal(pepper: Uint8Array | KeyObject): Seal {
  const names = derive(pepper, 'headcount shared answers: names');
  const values = derive(pepper, 'headcount shared answers: values');
  const keyOf = (name: string): Buffer => createHmac('sha256', values).update(name).digest();
  return {
    nameOf: (key) => PREFIX + createHmac('sha256', names).update(key).digest('base64url'),
    seal: (name, text) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, keyOf(name), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(name));
      const hidden = [cipher.update(text), cipher.final()];
      return Buffer.concat([Buffer.of(FORMAT), nonce, ...hidden, cipher.getAuthTag()]);
    },
    open: (name, sealed) => {
      if (sealed.length < SEAL_BYTES || sealed[0] !== FORMAT) return undefined;
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const cipher = createDecipheriv(CIPHER, keyOf(name), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(name));
      cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const text = cipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES));
      try {
        return Buffer.concat([text, cipher.final()]);
      } catch {
        return undefined; // it is not authentic
      }
    },
  };
}

const derive = (pepper: Uint8Array | KeyObject, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', pepper, '', use, 32));
