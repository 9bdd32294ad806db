/** The texts of the list of projects, of signing in, and of pages that cannot be shown. */
export const home = {
  title: 'Projects',
  lead: 'Each counts the people who use one program.',
  nothing: 'There is nothing here that you may see. Sign in with a token to see more.',
  project: 'Project',
  month: '28 days',
  lastReport: 'Last report',
  compared:
    'People. 7 and 28 days end yesterday, and are compared with those that ended a week before.',
  hidden: 'not shown to you',
  signIn: {
    title: 'Sign in',
    lead: 'With a token of this collector. It is exchanged for a session of 12 hours in this browser, and kept nowhere else.',
    token: 'Token',
    act: 'Sign in',
    where:
      'The first administrator’s token lies in the collector’s data folder, in the file admin-token. More are made by',
    wrongToken:
      'This token is unknown, was revoked, or has expired. Ask the administrator for another.',
    tooMany: 'Too many wrong tokens came from here. Wait a minute, then try again.',
  },
  problem: {
    title: {
      'not-found': 'There is nothing here',
      'token-required': 'This is not public',
      'wrong-level': 'Your token does not open this',
      'too-many': 'Too many requests',
      busy: 'The collector is busy',
      failed: 'This page could not be made',
      'disk-full': 'The disk is full',
      'too-costly': 'This asks for too much',
      'wrong-address': 'The address of the page is not valid',
      'form-old': 'The form is no longer valid',
      'foreign-form': 'The form is not of this page',
      'wrong-form': 'The form could not be taken',
    },
    lead: {
      'not-found': 'The page or project does not exist, or is hidden from you.',
      'token-required': 'Sign in with a token that may see it.',
      'wrong-level': 'Sign in with a token of a higher level.',
      'too-many': 'Wait a minute, then load the page again.',
      busy: 'Load the page again in a few seconds.',
      failed: 'Load the page again; the collector’s log says more.',
      'disk-full': 'Nothing was changed. Make room on the collector’s disk, then try again.',
      'too-costly': 'Choose a shorter range, or fewer values.',
      'wrong-address': 'Open the page from the list of projects.',
      'form-old':
        'Nothing was changed. You have signed out, or signed in anew, since the page was loaded: go back, and send it from there.',
      'foreign-form': 'Nothing was changed. Go back, and send the form from the page itself.',
      'wrong-form': 'Nothing was changed. Go back, and correct what you have typed.',
    },
    back: 'All projects',
    backToForm: 'Back to the form',
  },
};
