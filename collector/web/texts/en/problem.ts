/** The texts of a page that cannot be shown, and of a part that cannot be. */
export const problem = {
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
};
