import { errorCodeOf } from '../../error-code.js';
import { hasCode } from '../../has-code.js';
import { NOT_PRIMARY } from './not-primary-error.js';

interface Meaning {
  readonly cause: string;
  readonly remedy: string;
}

/** The code of a server, or of a role, that takes no connection more. */
export const TOO_MANY = '53300';

const CORRECT = 'Correct the address';
const TRUST = 'Name the authority of its certificate with sslrootcert';
const TABLES =
  'See that the address names the schema of the collectors, or restore it from a backup. Only to begin without any ' +
  'counts, and where nothing else is in the schema: drop it, and make it again';

const UNTRUSTED: Meaning = {
  cause: 'the certificate of its server is of no authority that is trusted here',
  remedy: TRUST,
};
const SHAPE: Meaning = { cause: 'it lacks a table or a column', remedy: TABLES };
const AWAY: Meaning = {
  cause: 'its server cannot be reached',
  remedy: 'See that it is up, and that no firewall is between',
};
const ABSENT: Meaning = {
  cause: 'nothing answers there',
  remedy: 'Start it, or correct the address',
};
const ROW: Meaning = {
  cause: 'one of its rows is none that a collector writes',
  remedy: 'Restore or delete that row; reports wait in the journal until then',
};

/** What codes of the server, of the system and of TLS mean, and what to do. */
const MEANINGS: Readonly<Partial<Record<string, Meaning>>> = {
  '23514': {
    cause: 'one of its tables refuses what a collector writes, by a check that no collector makes',
    remedy: 'Drop that check',
  },
  // No server becomes a standby while it runs, and none is written to that was one at the connection.
  '25006': {
    cause: 'default_transaction_read_only is on for its user, its database or its server',
    remedy:
      'Turn it off where it is on, such as by ALTER ROLE … RESET default_transaction_read_only',
  },
  [NOT_PRIMARY]: {
    cause: 'its server takes no writes',
    remedy: 'Name the primary, or all servers with target_session_attrs=read-write',
  },
  '28P01': { cause: 'the password is wrong, or there is no such user', remedy: CORRECT },
  '28000': {
    cause: 'the server does not let this user in',
    remedy: 'Correct the address, or its pg_hba.conf',
  },
  '3D000': { cause: 'there is no such database', remedy: 'Make it with createdb' },
  '3F000': {
    cause: 'there is no such schema',
    remedy: 'Make it with CREATE SCHEMA, or correct the address',
  },
  '42501': {
    cause: 'this user may not do that',
    remedy: 'Give it the database, or its schema with all tables',
  },
  ...{ '42P01': SHAPE, '42703': SHAPE },
  '53100': { cause: 'its disk is full', remedy: 'Make room' },
  [TOO_MANY]: {
    cause: 'it has too many connections',
    remedy: 'End some, or let it have more by max_connections or, for a role, by CONNECTION LIMIT',
  },
  '57P01': { cause: 'it was shut down, or has ended the connection', remedy: 'Start it' },
  '57P03': { cause: 'it is starting or shutting down', remedy: 'Wait for it' },
  ECONNREFUSED: ABSENT,
  ENOTFOUND: { cause: 'there is no such host', remedy: CORRECT },
  ...{ EHOSTUNREACH: AWAY, ENETUNREACH: AWAY, ETIMEDOUT: AWAY },
  ENOENT: {
    cause: 'a file that the address names is not there',
    remedy: 'Correct sslrootcert, sslcert or sslkey in it',
  },
  EACCES: {
    cause: 'a file that the address names cannot be read',
    remedy: 'Let this user read what sslrootcert, sslcert and sslkey name',
  },
  ERR_INVALID_URL: {
    cause: 'its address cannot be read',
    remedy: 'Encode its parts: / in a password is %2F',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    cause: 'the certificate of its server is for another host',
    remedy: 'Use a name that the certificate has',
  },
  CERT_HAS_EXPIRED: { cause: 'the certificate of its server has ended', remedy: 'Renew it' },
  ...{ DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED, SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED },
  ...{ UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED, UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED },
  ...{ CERT_SIGNATURE_FAILURE: UNTRUSTED },
};

/** Errors of the client have no code. */
const WITHOUT_TLS = 'The server does not support SSL connections';

/** Data that fit no column and break constraints: what a collector writes does so beside odd rows alone. */
const OF_ROWS = /^2[23]/;

/** Says in a sentence why a server does not do what it should, and what to do; without a full stop. */
export function explainServerError(error: Error): string {
  const meaning = meaningOf(error);
  const table = 'table' in error && typeof error.table === 'string' ? `, in ${error.table}` : '';
  const said = `${error.message.replace(/\.$/, '')}${table}`;
  return meaning === undefined ? said : `${meaning.cause} (${said}). ${meaning.remedy}`;
}

function meaningOf(error: Error): Meaning | undefined {
  if (error.message === WITHOUT_TLS) {
    return {
      cause: 'its server has no TLS',
      remedy: 'Turn it on there; only in a network that nobody else listens in, take sslmode away',
    };
  }
  // A socket in the file system is no file of TLS.
  if (hasCode(error, 'ENOENT') && 'syscall' in error && error.syscall === 'connect') return ABSENT;
  const code = errorCodeOf(error) ?? '';
  return MEANINGS[code] ?? (OF_ROWS.test(code) ? ROW : undefined);
}
