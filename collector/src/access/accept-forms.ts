import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';

/** The bytes of a form at most. */
const MAX_FORM_BYTES = 64 * 1024;

/** Lets the routes that say so read forms: no others, so that no page can send them anything. */
export function acceptForms(app: App): void {
  app.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: MAX_FORM_BYTES },
    (request, body, done) => {
      if (request.routeOptions.config.takesForms !== true) {
        done(new ProblemError('wrong_content_type', 'Send application/json.'));
        return;
      }
      // Of several fields of a name, the last one counts.
      done(null, Object.fromEntries(new URLSearchParams(body.toString('utf8'))));
    },
  );
}
