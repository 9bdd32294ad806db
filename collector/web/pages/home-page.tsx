import type { VNode } from 'preact';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { HomeContent } from '../page/home-content.js';
import { usePage } from '../page/use-page.js';
import { projectInPath } from '../page/project-in-path.js';

/** The projects that the caller may see. */
export function HomePage({ content }: { readonly content: HomeContent }): VNode {
  const { texts, formats } = useLanguage();
  const { frame, pathTo } = usePage();
  const folder = frame.level === 'public' ? '/public' : '/p';
  const { projects } = content;
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
                  <th scope="col" class="r">
                    {texts.home.people}
                  </th>
                </tr>
              </thead>
              <tbody>
                {projects.map(({ project, people, isInvented }) => (
                  <tr key={project}>
                    <th scope="row">
                      <a href={pathTo(`${folder}/${projectInPath(project)}`)}>
                        <bdi>{project}</bdi>
                      </a>{' '}
                      {isInvented && <span class="tag">{texts.frame.invented}</span>}
                    </th>
                    <td class="r">
                      {people === null ? texts.home.hidden : formats.number(people)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Row>
      )}
    </>
  );
}
