import type { VNode } from 'preact';
import { Delta } from '../charts/delta.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { HomeContent, HomeFigure } from '../page/home-content.js';
import { usePage } from '../page/use-page.js';
import { projectInPath } from '../page/project-in-path.js';

/** The projects that the caller may see. */
export function HomePage({ content }: { readonly content: HomeContent }): VNode {
  const { texts, formats } = useLanguage();
  const { frame, pathTo } = usePage();
  const ago = (moment: string): string =>
    formats.ago(Date.parse(frame.madeAt) - Date.parse(moment));
  const { projects } = content;
  const isPublic = projects.every((one) => one.isPublic);
  return (
    <>
      <Title title={texts.home.title}>
        {projects.length === 0 ? texts.home.nothing : texts.home.lead}
      </Title>
      {projects.length > 0 && (
        <Row name={texts.home.title} unit={formats.number(projects.length)}>
          <div class="scroll" tabindex={0} role="region" aria-label={texts.home.title}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{texts.home.project}</th>
                  {isPublic || (
                    <>
                      <th scope="col" class="r">
                        {texts.overview.today}
                      </th>
                      <th scope="col" class="r">
                        {texts.overview.week}
                      </th>
                    </>
                  )}
                  <th scope="col" class="r">
                    {texts.home.month}
                  </th>
                  {isPublic || (
                    <th scope="col" class="r wide">
                      {texts.home.lastReport}
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {projects.map(({ project, month, week, today, lastReportAt, ...one }) => (
                  <tr key={project}>
                    <th scope="row">
                      <a
                        class="clip"
                        title={project}
                        href={pathTo(
                          `${one.isPublic ? '/public' : '/p'}/${projectInPath(project)}`,
                        )}
                      >
                        <bdi>{project}</bdi>
                      </a>{' '}
                      {one.isInvented && <span class="tag">{texts.frame.invented}</span>}
                    </th>
                    {isPublic || (
                      <>
                        <td class="r">{today === null ? '–' : formats.number(today)}</td>
                        <td class="r">
                          <Changed figure={week} />
                        </td>
                      </>
                    )}
                    <td class="r">
                      {month === null && one.isPublic ? (
                        texts.home.hidden
                      ) : (
                        <Changed figure={month} />
                      )}
                    </td>
                    {isPublic || (
                      <td class="r wide">{lastReportAt === null ? '–' : ago(lastReportAt)}</td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
            {isPublic || <p class="small quiet">{texts.home.compared}</p>}
          </div>
        </Row>
      )}
    </>
  );
}

/** People, with the change beside them. */
function Changed({ figure }: { readonly figure: HomeFigure | null }): VNode {
  const { formats } = useLanguage();
  if (figure === null) return <>–</>;
  return (
    <>
      {formats.number(figure.people)}{' '}
      {figure.change !== null && (
        <small>
          <Delta change={figure.change} />
        </small>
      )}
    </>
  );
}
