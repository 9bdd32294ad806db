import type { VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';
import { Account } from './account.js';
import { projectInPath } from '../page/project-in-path.js';

/** The moment of all figures, and the ways to other places. */
export function PageFooter(): VNode {
  const { texts, formats } = useLanguage();
  const { frame, pathTo } = usePage();
  const { asOf, timezone, project } = frame;
  const name = encodeURIComponent(project ?? '');
  return (
    <footer class="wrap">
      <div class="foot">
        <p>
          {asOf !== null &&
            timezone !== null &&
            texts.frame.asOf(formats.moment(asOf, frame.clock), timezone)}
        </p>
        {project !== null && frame.hasPublicPage && (
          <a href={pathTo(`/public/${projectInPath(project)}`)}>{texts.frame.publicPage}</a>
        )}
        <a href={pathTo(project === null ? '/your-data' : `/your-data?project=${name}`)}>
          {texts.frame.yourData}
        </a>
        <a href={pathTo('/openapi.json')}>{texts.frame.api}</a>
        <span>{texts.frame.product(frame.version)}</span>
        <span class="narrow">
          <Account />
        </span>
      </div>
    </footer>
  );
}
