/** The administrator's token of a collector under test, unless the test gives another. */
export const ADMIN_TOKEN = 'the-administrator-of-tests';

/** The header of a request with a token. */
export const withToken = (token = ADMIN_TOKEN): { authorization: string } => ({
  authorization: `Bearer ${token}`,
});
