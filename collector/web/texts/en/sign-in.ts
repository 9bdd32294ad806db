/** The texts of signing in. */
export const signIn = {
  title: 'Sign in',
  lead: 'With a token of this collector. It is exchanged for a session of 12 hours in this browser, and kept nowhere else.',
  token: 'Token',
  act: 'Sign in',
  where:
    'The first administrator’s token lies in the collector’s data folder, in the file admin-token. More are made by',
  wrongToken:
    'This token is unknown, was revoked, or has expired. Ask the administrator for another.',
  tooMany: 'Too many wrong tokens came from here. Wait a minute, then try again.',
};
