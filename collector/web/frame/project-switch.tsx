import type { VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';
import { Menu } from './menu.js';
import { projectInPath } from '../page/project-in-path.js';

/** The project, with a menu of the others that the caller may see. */
export function ProjectSwitch({ project }: { readonly project: string }): VNode {
  const { texts } = useLanguage();
  const { frame, pathTo } = usePage();
  const others = frame.projects.filter((one) => one !== project);
  const pathOf = (one: string): string => pathTo(`/p/${projectInPath(one)}`);
  return (
    <>
      <a class="project" href={pathOf(project)} title={project}>
        <span>
          <bdi>{project}</bdi>
        </span>
      </a>
      {others.length > 0 && (
        <Menu class="switch" label={<span class="vh">{texts.frame.otherProjects}</span>}>
          <ul>
            {others.map((one) => (
              <li key={one}>
                <a href={pathOf(one)} title={one}>
                  <bdi>{one}</bdi>
                </a>
              </li>
            ))}
            <li>
              <a href={pathTo('/')}>{texts.frame.allProjects}</a>
            </li>
          </ul>
        </Menu>
      )}
    </>
  );
}
